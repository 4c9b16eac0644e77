/**
 * Makes a page's words fit: steps the type down towards the floor until nothing spills. Texts come from catalogues and
 * translators; a clipped sentence at the kiosk is worse than one a size smaller.
 */
import { useLayoutEffect, type RefObject } from 'react';

const STEPS = [1, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62, 0.56];

export function useFit(pageRef: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const page = pageRef.current;
    if (!page) return undefined;
    const fit = () => fitPage(page);
    fit();
    // Text and settings may change under the same page, the glass may be turned.
    const seen = new MutationObserver(fit);
    seen.observe(page, { childList: true, characterData: true, subtree: true });
    seen.observe(document.documentElement, { attributeFilter: ['data-size', 'data-reach', 'lang'] });
    window.addEventListener('resize', fit);
    void document.fonts.ready.then(fit);
    return () => {
      seen.disconnect();
      window.removeEventListener('resize', fit);
    };
  }, [pageRef]);
}

function fitPage(page: HTMLElement): void {
  const root = document.documentElement;
  for (const step of STEPS) {
    root.style.setProperty('--fit', String(step));
    if (!spills(page)) return;
  }
}

function spills(page: HTMLElement): boolean {
  return [page, ...page.querySelectorAll<HTMLElement>('*')].some(
    (box) => box instanceof HTMLElement && (isTooWide(box) || childSticksOut(box)),
  );
}

/** The station's name may end in dots; everything else must be readable to its end. */
function isTooWide(box: HTMLElement): boolean {
  if (getComputedStyle(box).textOverflow === 'ellipsis') return false;
  return box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1;
}

/** Compares boxes, not scroll heights: this font's own line box is taller than the lines we set. */
function childSticksOut(box: HTMLElement): boolean {
  const outer = box.getBoundingClientRect();
  return [...box.children].some((child) => {
    if (!(child instanceof HTMLElement) || child.offsetHeight === 0 || getComputedStyle(child).display === 'inline') {
      return false;
    }
    const inner = child.getBoundingClientRect();
    return inner.bottom > outer.bottom + 1 || inner.top < outer.top - 1;
  });
}

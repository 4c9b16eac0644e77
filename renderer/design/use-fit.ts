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
    // The glass's own fonts are there from the start; one that is still coming will change every width.
    if (document.fonts.status === 'loading') void document.fonts.ready.then(fit);
    return () => {
      seen.disconnect();
      window.removeEventListener('resize', fit);
    };
  }, [pageRef]);
}

function fitPage(page: HTMLElement): void {
  const { style } = document.documentElement;
  for (const step of STEPS.map(String)) {
    if (style.getPropertyValue('--fit') !== step) style.setProperty('--fit', step);
    if (!spills(page, page.getBoundingClientRect())) return;
  }
}

/** Every box once, drawings left out: this runs before each page's first paint. */
function spills(box: HTMLElement, outer: DOMRect): boolean {
  if (isTooWide(box)) return true;
  for (const child of box.children) {
    if (!(child instanceof HTMLElement)) continue;
    const inner = child.getBoundingClientRect();
    if (sticksOut(child, inner, outer) || spills(child, inner)) return true;
  }
  return false;
}

function isTooWide(box: HTMLElement): boolean {
  return box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1;
}

/** Compares boxes, not scroll heights: this font's own line box is taller than the lines we set. */
function sticksOut(child: HTMLElement, inner: DOMRect, outer: DOMRect): boolean {
  if (inner.bottom <= outer.bottom + 1 && inner.top >= outer.top - 1) return false;
  return child.offsetHeight > 0 && getComputedStyle(child).display !== 'inline';
}

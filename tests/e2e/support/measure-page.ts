/** Reads everything the audit needs out of the page, in pixels, in one go. Runs inside the page. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Measured {
  readonly width: number;
  readonly height: number;
  readonly language: string;
  readonly headings: number;
  readonly controls: readonly { readonly name: string; readonly box: Box; readonly covered: boolean }[];
  readonly texts: readonly { readonly text: string; readonly fontPx: number }[];
  readonly clipped: readonly string[];
  readonly strings: readonly { readonly where: string; readonly value: string }[];
}

export function measurePage(): Measured {
  const width = window.innerWidth;
  const height = window.innerHeight;
  const short = (text: string | null) => (text ?? '').trim().slice(0, 30);
  const visible = (element: Element) => element.getClientRects().length > 0;
  const clipped: string[] = [];

  const controls = [...document.querySelectorAll<HTMLElement>('button, a, input, [role="button"], [tabindex="0"]')]
    .filter(visible)
    .map((control) => {
      const rect = control.getBoundingClientRect();
      const top = document.elementFromPoint(rect.x + rect.width / 2, rect.y + rect.height / 2);
      return {
        name: short(control.textContent),
        box: { x: rect.x, y: rect.y, width: rect.width, height: rect.height },
        covered: !(top !== null && (control.contains(top) || top.contains(control))),
      };
    });

  /** The nearest box that a text may not leave: its button, or whatever cuts it off. */
  function limitOf(element: Element): Element {
    for (let box: Element | null = element; box; box = box.parentElement) {
      if (box.matches('button, [role="button"]') || getComputedStyle(box).overflow !== 'visible') return box;
    }
    return document.documentElement;
  }

  const texts: { text: string; fontPx: number }[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!parent || !node.textContent?.trim() || !visible(parent) || parent.closest('[aria-hidden="true"]')) continue;
    const style = getComputedStyle(parent);
    const fontPx = Number.parseFloat(style.fontSize);
    texts.push({ text: short(node.textContent), fontPx });
    const range = document.createRange();
    range.selectNodeContents(node);
    const limit = limitOf(parent).getBoundingClientRect();
    for (const rect of range.getClientRects()) {
      // a line's box is taller than its glyphs: compare the glyphs, which fill the middle 0.92 em
      const middle = rect.y + rect.height / 2;
      const top = middle - fontPx * 0.46;
      const bottom = middle + fontPx * 0.46;
      const outside =
        rect.left < limit.left - 1 || rect.right > limit.right + 1 || top < limit.top - 1 || bottom > limit.bottom + 1;
      if (outside) clipped.push(`text leaves its box: "${short(node.textContent)}"`);
      if (rect.left < -1 || rect.right > width + 1 || top < -1 || bottom > height + 1) {
        clipped.push(`text leaves the screen: "${short(node.textContent)}"`);
      }
    }
  }

  for (const { name, box } of controls) {
    if (box.x < -1 || box.y < -1 || box.x + box.width > width + 1 || box.y + box.height > height + 1) {
      clipped.push(`control leaves the screen: "${name}"`);
    }
  }
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    const style = getComputedStyle(element);
    const scrolls = /auto|scroll/.test(`${style.overflowX} ${style.overflowY}`);
    if (scrolls && (element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1)) {
      clipped.push(`something scrolls: "${short(element.textContent)}"`);
    }
  }
  const root = document.documentElement;
  if (root.scrollHeight > height + 1 || root.scrollWidth > width + 1) clipped.push('the page scrolls');

  const strings = [{ where: 'the text', value: document.body.innerText }];
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (name !== 'd' && name !== 'style') strings.push({ where: `attribute ${name}`, value });
    }
  }
  strings.push({ where: 'the address', value: location.href });
  for (const storage of [localStorage, sessionStorage]) {
    for (let index = 0; index < storage.length; index++) {
      const key = storage.key(index) ?? '';
      strings.push({ where: 'storage', value: `${key} ${storage.getItem(key) ?? ''}` });
    }
  }
  return {
    width,
    height,
    language: root.lang,
    headings: document.querySelectorAll('h1').length,
    controls,
    texts,
    clipped: [...new Set(clipped)],
    strings,
  };
}

/** Puts what the frame says about glass and person on the root element, where the style sheets read it. */
import type { Frame } from '../../contract/view.schema.ts';

/** Nothing pressable may stand higher than this above the floor. */
const REACH_MM = 1220;

export function applyDisplay(root: HTMLElement, frame: Frame): void {
  const { pixelsPerMm, lowerEdgeMm } = frame.display;
  setAttribute(root, 'lang', frame.locale === 'zh-Hant' ? 'zh-Hant-HK' : frame.locale);
  setAttribute(root, 'data-size', frame.size);
  setAttribute(root, 'data-contrast', frame.contrast);
  setAttribute(root, 'data-reach', frame.reach);
  root.style.setProperty('--ppmm', String(pixelsPerMm));
  const overReachPx = root.clientHeight - (REACH_MM - lowerEdgeMm) * pixelsPerMm;
  root.style.setProperty('--reach-top', `${Math.max(0, Math.ceil(overReachPx))}px`);
}

/** Writing the same value again would wake everyone who watches for a change. */
function setAttribute(root: HTMLElement, name: string, value: string): void {
  if (root.getAttribute(name) !== value) root.setAttribute(name, value);
}

/** Puts what the frame says about glass and person on the root element, where the style sheets read it. */
import type { Frame } from '../../contract/view.schema.ts';

/** Nothing pressable may stand higher than this above the floor. */
const REACH_MM = 1220;

export function applyDisplay(root: HTMLElement, frame: Frame): void {
  root.lang = frame.locale === 'zh-Hant' ? 'zh-Hant-HK' : frame.locale;
  root.dataset.size = frame.size;
  root.dataset.contrast = frame.contrast;
  root.dataset.reach = frame.reach;
  const { pixelsPerMm, lowerEdgeMm } = frame.display;
  root.style.setProperty('--ppmm', String(pixelsPerMm));
  const overReachPx = root.clientHeight - (REACH_MM - lowerEdgeMm) * pixelsPerMm;
  root.style.setProperty('--reach-top', `${Math.max(0, Math.ceil(overReachPx))}px`);
}

/**
 * Runs in the page before the renderer: keys, navigation, windows, context menu, drag and drop, zoom. On Electron the main
 * process stops all of this too; a kiosk browser has only this and its managed policy. Listens on the window in the
 * capture phase, so nothing of the page comes before it.
 */
import { isKeyAllowed } from './key-table.ts';

/** Installs the guard on a window; called once per document. */
export function guardPage(page: Window & typeof globalThis): void {
  for (const type of ['keydown', 'keyup', 'keypress'] as const) page.addEventListener(type, swallowKey, true);
  for (const type of ['contextmenu', 'dragstart', 'dragenter', 'dragover', 'drop', 'auxclick'] as const) {
    page.addEventListener(type, swallow, true);
  }
  // not passive: a passive listener may not prevent the zoom
  page.addEventListener('wheel', swallowZoom, { capture: true, passive: false });
  page.addEventListener('click', swallowForeignLink, true);
  page.addEventListener('submit', swallow, true);
  guardNavigation(page);
  page.open = () => null;
  page.print = () => undefined;
}

/** Every navigation that the page begins, whoever begins it, passes here. It may be shown again, and nothing else. */
function guardNavigation(page: Window & typeof globalThis): void {
  page.navigation.addEventListener('navigate', (event) => {
    const isHere = event.destination.url === page.location.href && event.downloadRequest === null;
    if (event.cancelable && !isHere) event.preventDefault();
  });
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function swallowKey(event: KeyboardEvent): void {
  const press = { key: event.key, control: event.ctrlKey, alt: event.altKey, meta: event.metaKey };
  if (!isKeyAllowed(press)) swallow(event);
}

function swallowZoom(event: WheelEvent): void {
  if (event.ctrlKey) swallow(event);
}

/** The kiosk has no links; one that appears (`mailto:`, a download, a new window) leads nowhere. */
function swallowForeignLink(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a[href], area[href]') : null;
  if (link !== null) event.preventDefault();
}

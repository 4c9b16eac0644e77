/**
 * Keeps the page where it is: swallows every key chord, gesture and navigation that a browser would act on. The shell
 * does the same from outside; in a plain kiosk browser this is the only thing between a keyboard and a new tab.
 */
import type { PressGate } from './press-gate.ts';

const FUNCTION_KEY = /^F\d{1,2}$/;
const FORBIDDEN_KEYS = new Set(['Escape', 'ContextMenu', 'PrintScreen', 'Pause', 'BrowserBack', 'BrowserHome', 'Help']);
const SWALLOWED_EVENTS = ['contextmenu', 'dragstart', 'dragover', 'drop', 'selectstart', 'auxclick', 'copy', 'cut'];

export function isForbiddenKey(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey'>): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return true;
  return FUNCTION_KEY.test(event.key) || FORBIDDEN_KEYS.has(event.key);
}

export function guardPage(page: Window, gate: PressGate): void {
  const capture = { capture: true, passive: false } as const;
  for (const type of ['keydown', 'keyup', 'keypress'] as const) {
    page.addEventListener(
      type,
      (event) => {
        if (isForbiddenKey(event)) swallow(event);
      },
      capture,
    );
  }
  for (const type of SWALLOWED_EVENTS) page.addEventListener(type, swallow, capture);
  page.addEventListener('wheel', (event) => event.preventDefault(), capture);
  guardTouches(page, gate);
  guardNavigation(page);
}

/** A finger that the gate refuses is kept from every listener, from its first event to its click. */
function guardTouches(page: Window, gate: PressGate): void {
  const refused = new Set<number>();
  const capture = { capture: true } as const;
  page.addEventListener(
    'pointerdown',
    (event) => {
      refused.delete(event.pointerId);
      if (gate.touch({ xPx: event.clientX, yPx: event.clientY })) return;
      refused.add(event.pointerId);
      swallow(event);
    },
    capture,
  );
  for (const type of ['pointermove', 'pointerup', 'pointercancel', 'click'] as const) {
    page.addEventListener(
      type,
      (event) => {
        if (event instanceof PointerEvent && refused.has(event.pointerId)) swallow(event);
      },
      capture,
    );
  }
}

/** Only a reload of this very page may pass. */
function guardNavigation(page: Window): void {
  if (!('navigation' in page)) return;
  page.navigation.addEventListener('navigate', (event) => {
    const here = event.navigationType === 'reload' && event.destination.url === page.location.href;
    if (!here && event.cancelable) event.preventDefault();
  });
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

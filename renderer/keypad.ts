/**
 * A plain USB keypad works the page: a digit presses the control with that badge, Enter and Space press the control in
 * focus or, when none is, the one thing to do now; Backspace erases where something can be erased.
 */
export function listenToKeypad(page: Window): void {
  page.addEventListener('keydown', (event) => {
    if (event.repeat || event.defaultPrevented) return;
    const control = controlFor(page.document, event.key);
    if (event.key === 'Backspace') event.preventDefault();
    if (!control) return;
    event.preventDefault();
    control.click();
  });
}

function controlFor(document: Document, key: string): HTMLElement | null {
  if (/^[0-9]$/.test(key)) return find(document, `[data-badge='${key}']`);
  if (key === 'Backspace') return find(document, "[data-key='Backspace']");
  if ((key === 'Enter' || key === ' ') && !(document.activeElement instanceof HTMLButtonElement)) {
    return find(document, "[data-primary='true']");
  }
  return null;
}

function find(document: Document, selector: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`button${selector}:not([aria-disabled='true']):not([disabled])`);
}

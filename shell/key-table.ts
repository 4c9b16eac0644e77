/**
 * Which keys may reach the page: those that type, move and confirm. Everything else is a door in some browser or desktop
 * (Ctrl+T, Alt+Home, F11, Escape, the browser keys of a plugged-in keyboard), so this is a list of what is allowed.
 */
export interface KeyPress {
  /** `KeyboardEvent.key`. */
  readonly key: string;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
}

const ALLOWED_KEYS: ReadonlySet<string> = new Set([
  'Enter',
  'Tab',
  'Backspace',
  'Delete',
  'Shift',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End',
  'PageUp',
  'PageDown',
]);

export function isKeyAllowed(press: KeyPress): boolean {
  if (press.control || press.alt || press.meta) return false;
  // one character typed (a letter, a digit, a space); names of keys are longer
  if ([...press.key].length === 1) return true;
  return ALLOWED_KEYS.has(press.key);
}

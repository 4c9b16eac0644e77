/** From what a contact reads at each look to what the kiosk calls true. Contacts bounce; time is the injected clock's. */
import type { Instant } from '../../contract/outcome.schema.ts';
import type { InputWiring } from './io-settings.schema.ts';

const DEBOUNCE_MS = 50;
/** Whoever asks every few seconds must still learn of a door that was open for one. */
const TAMPER_HOLD_MS = 60_000;

export class InputFilter {
  readonly #wiring: InputWiring;
  #value: boolean | undefined;
  /** What the contact has read since `#since`, when that is not `#value`. */
  #candidate: boolean | undefined;
  #since: Instant = 0;
  #heldUntil: Instant = 0;

  constructor(wiring: InputWiring) {
    this.#wiring = wiring;
  }

  /** Undefined until the first look. */
  get value(): boolean | undefined {
    return this.#value;
  }

  /** Milliseconds after which a change under way would count, if the contact stays as it is; 0 when there is none. */
  settlesInMs(now: Instant): number {
    return this.#candidate === undefined ? 0 : Math.max(1, this.#since + this.#waitMs() - now);
  }

  look(contact: boolean, now: Instant): void {
    const isActive = contact === (this.#wiring.activeHigh ?? true);
    if (this.#wiring.tamper === true) return this.#lookAtTamper(isActive, now);
    if (this.#value === undefined) this.#value = isActive;
    if (isActive === this.#value) {
      this.#candidate = undefined;
      return;
    }
    if (this.#candidate === undefined) this.#since = now;
    this.#candidate = isActive;
    if (now - this.#since < this.#waitMs()) return;
    this.#value = isActive;
    this.#candidate = undefined;
  }

  #lookAtTamper(isActive: boolean, now: Instant): void {
    if (isActive) this.#heldUntil = now + TAMPER_HOLD_MS;
    this.#value = isActive || now < this.#heldUntil;
  }

  #waitMs(): number {
    return this.#wiring.debounceMs ?? DEBOUNCE_MS;
  }
}

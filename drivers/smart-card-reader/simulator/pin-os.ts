/** The PIN that guards records of a card (device-protocols 2.2). Tries are counted for good, as on a real card. */
import { SW, type Answer, type Apdu } from './apdu-in.ts';

export interface PinData {
  /** Hex, e.g. `888888`. */
  readonly value: string;
  readonly tries: number;
  /** Tags of the records it guards. */
  readonly guards: readonly number[];
  /** What a guarded record is before: refused (6982), or there but blank, as on third-generation cards without contact. */
  readonly withheld: 'refused' | 'blank';
  /** Whether VERIFY without data tells the tries left; cards that do not say 6700. */
  readonly tellsTries: boolean;
}

export class PinOs {
  readonly #data: PinData;
  #triesLeft: number;
  #isOpen = false;
  /** Wrong and right ones, since the card was made. */
  #attempts = 0;

  constructor(data: PinData) {
    this.#data = data;
    this.#triesLeft = data.tries;
  }

  get state(): { readonly triesLeft: number; readonly attempts: number } {
    return { triesLeft: this.#triesLeft, attempts: this.#attempts };
  }

  reset(): void {
    this.#isOpen = false;
  }

  verify({ p1, data }: Apdu): Answer {
    if (p1 !== 0) return { status: SW.wrongP1P2 };
    if (data.length === 0) return this.#ask();
    if (this.#triesLeft === 0) return { status: SW.pinBlocked };
    this.#attempts += 1;
    this.#isOpen = Buffer.from(data).toString('hex') === this.#data.value;
    if (this.#isOpen) {
      this.#triesLeft = this.#data.tries;
      return { data: new Uint8Array() };
    }
    this.#triesLeft -= 1;
    return { status: this.#triesLeft === 0 ? SW.pinBlocked : [0x63, 0xc0 | this.#triesLeft] };
  }

  /** The record as the card shows it now; undefined when it is not guarded, or open. */
  guard(record: Uint8Array): Answer | undefined {
    if (this.#isOpen || !this.#data.guards.includes(record[0] ?? 0)) return undefined;
    if (this.#data.withheld === 'refused') return { status: SW.securityMissing };
    return { data: Uint8Array.of(...record.slice(0, 2), ...new Uint8Array(record.length - 2)) };
  }

  #ask(): Answer {
    if (!this.#data.tellsTries) return { status: SW.wrongLength };
    if (this.#isOpen) return { data: new Uint8Array() };
    return { status: this.#triesLeft === 0 ? SW.pinBlocked : [0x63, 0xc0 | this.#triesLeft] };
  }
}

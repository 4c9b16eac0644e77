/** How full the printer's receive buffer is, and what it says about that: XOFF at half, XON at a quarter. */
const XON = 0x11;
const XOFF = 0x13;

export class ReceiveBuffer {
  /** Bytes that came when there was no room. */
  overrunBytes = 0;
  readonly #limit: number | undefined;
  readonly #say: (code: number) => void;
  #used = 0;
  #isHeld = false;
  /** Bytes of the command that is being received. */
  #receiving = 0;
  /** Bytes of letters and modes that leave with the next act. */
  #carried = 0;
  /** What each act gives back when it is done, in order. */
  #costs: number[] = [];

  constructor(limit: number | undefined, say: (code: number) => void) {
    this.#limit = limit;
    this.#say = say;
  }

  /** Only then is every byte counted. */
  get isLimited(): boolean {
    return this.#limit !== undefined;
  }

  /** Room for one more byte? */
  take(): boolean {
    if (this.#limit === undefined) return true;
    if (this.#used >= this.#limit) {
      this.overrunBytes += 1;
      return false;
    }
    this.#used += 1;
    this.#receiving += 1;
    if (!this.#isHeld && this.#used > this.#limit / 2) {
      this.#isHeld = true;
      this.#say(XOFF);
    }
    return true;
  }

  /** A byte made so many acts; `pending` bytes belong to a command that is not complete. */
  stands(acts: number, pending: number): void {
    if (this.#limit === undefined) return;
    if (acts === 0 && pending > 0) return;
    const complete = this.#receiving - pending + this.#carried;
    this.#receiving = pending;
    this.#carried = 0;
    // letters wait behind what is being printed, and leave with their line
    if (acts === 0 && this.#costs.length > 0) this.#carried = complete;
    if (acts === 0) return this.#free(complete - this.#carried);
    this.#costs.push(...Array.from({ length: acts }, (_, place) => (place === acts - 1 ? complete : 0)));
  }

  done(): void {
    if (this.#limit !== undefined) this.#free(this.#costs.shift() ?? 0);
  }

  clear(): void {
    this.#costs = [];
    this.#receiving = 0;
    this.#carried = 0;
    this.#free(this.#used);
  }

  #free(bytes: number): void {
    this.#used -= bytes;
    if (!this.#isHeld || this.#limit === undefined || this.#used > this.#limit / 4) return;
    this.#isHeld = false;
    this.#say(XON);
  }
}

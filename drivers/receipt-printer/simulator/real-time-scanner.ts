/**
 * Finds the commands a printer obeys the moment they arrive, before anything that is queued, and, as strict printers do,
 * even inside the bytes of a picture (device-protocols 4.4).
 */
export type RealTimeCommand =
  { readonly kind: 'status'; readonly n: number } | { readonly kind: 'recover' } | { readonly kind: 'clear' };

/** DLE DC4 8 with its six fixed bytes (device-protocols 4.7). */
const CLEAR = [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08];
const STATUS_REQUESTS = new Set([1, 2, 3, 4, 0x11, 0x14]);

/** Star's: ESC ACK SOH asks for the status, ESC ACK CAN clears. */
const STAR_STATUS = 0x01;
const STAR_CLEAR = 0x18;

export class RealTimeScanner {
  readonly #language: 'escpos' | 'star';
  #last: number[] = [];

  constructor(language: 'escpos' | 'star' = 'escpos') {
    this.#language = language;
  }

  push(byte: number): RealTimeCommand | undefined {
    this.#last = [...this.#last.slice(-(CLEAR.length - 1)), byte];
    if (this.#last.length === CLEAR.length && CLEAR.every((value, place) => value === this.#last[place])) {
      return { kind: 'clear' };
    }
    const [first, second, third] = this.#last.slice(-3);
    if (this.#language === 'star') return starCommand(first, second, third);
    if (first !== 0x10 || third === undefined) return undefined;
    if (second === 0x04 && STATUS_REQUESTS.has(third)) return { kind: 'status', n: third };
    if (second === 0x05 && third === 1) return { kind: 'recover' };
    if (second === 0x05 && third === 2) return { kind: 'clear' };
    return undefined;
  }

  reset(): void {
    this.#last = [];
  }
}

function starCommand(first = 0, second = 0, third = 0): RealTimeCommand | undefined {
  if (first !== 0x1b || second !== 0x06) return undefined;
  if (third === STAR_STATUS) return { kind: 'status', n: 0 };
  return third === STAR_CLEAR ? { kind: 'clear' } : undefined;
}

/**
 * What a printer says, taken apart (device-protocols 4.4, 4.5, 4.9). Status bytes carry no header and several kinds share
 * the wire, so the bit patterns decide, and for two kinds of answer that look like others, the question that is open.
 */
export type PrinterEvent =
  /** Answer to DLE EOT; which n was asked is known only to the one who asked. */
  | { readonly kind: 'realTime'; readonly byte: number }
  /** Automatic status back, four bytes. */
  | { readonly kind: 'automatic'; readonly bytes: readonly [number, number, number, number] }
  /** Answer to GS r 1, queued behind the print data. */
  | { readonly kind: 'drained'; readonly byte: number }
  /** GS ( H fn 48: everything up to this id is printed. */
  | { readonly kind: 'processId'; readonly id: string }
  /** GS I: a name between 5F and NUL. Other blocks keep their head byte. */
  | { readonly kind: 'block'; readonly head: number; readonly text: string }
  | {
      readonly kind: 'fullStatus';
      readonly paper: number;
      readonly user: number;
      readonly recoverable: number;
      readonly unrecoverable: number;
    }
  | { readonly kind: 'paperLength'; readonly centimetres: number }
  | { readonly kind: 'ejector'; readonly byte: number }
  /** Software flow control; the link's business, kept for the record. */
  | { readonly kind: 'flow'; readonly go: boolean }
  | { readonly kind: 'garbage'; readonly bytes: number };

/** Answers that only their question tells from a status byte: digits look like XON, the ejector byte like GS r. */
export type Expected = 'none' | 'paperLength' | 'ejector';

const BLOCK_HEADS: ReadonlySet<number> = new Set([0x37, 0x5f, 0x35, 0x3b, 0x3d]);
const BLOCK_LIMIT_BYTES = 80;
const PROCESS_ID_SECOND_BYTE = '"';
/** GS r 1 sets only the four paper bits, and each sensor's two bits together. */
const DRAINED_BYTES: ReadonlySet<number> = new Set([0x00, 0x03, 0x0c, 0x0f]);
const PAPER_LENGTH = /^(\d{1,5})cm/;
const PAPER_LENGTH_BEGINNING = /^\d{0,5}$|^\d{1,5}c$/;
/** Bits 1 and 4 of the ejector status mean nothing and stay 0. */
const EJECTOR_UNUSED_BITS = 0x12;

/** One step of the decoder: an event and how many bytes it took; `undefined` when more bytes are needed. */
type Step = { readonly event: PrinterEvent; readonly taken: number } | undefined;

export class EscposStatusDecoder {
  readonly #dialect: 'epson' | 'custom';
  #rest: number[] = [];
  #expected: Expected = 'none';

  constructor(dialect: 'epson' | 'custom') {
    this.#dialect = dialect;
  }

  /** Says which answer is awaited; ends by itself when it came. */
  expect(expected: Expected): void {
    this.#expected = expected;
  }

  /** Forgets an unfinished answer: the wire is new, or the answer is overdue. */
  reset(): void {
    this.#rest = [];
    this.#expected = 'none';
  }

  push(chunk: Uint8Array): PrinterEvent[] {
    const events: PrinterEvent[] = [];
    for (const byte of chunk) {
      this.#rest.push(byte);
      for (let step = this.#step(); step; step = this.#step()) {
        events.push(step.event);
        this.#rest.splice(0, step.taken);
      }
    }
    return events;
  }

  #step(): Step {
    const [first] = this.#rest;
    if (first === undefined) return undefined;
    if (this.#expected === 'paperLength') {
      const step = this.#paperLength();
      if (step !== 'other') return step;
    }
    if (this.#expected === 'ejector' && (first & EJECTOR_UNUSED_BITS) === 0) {
      this.#expected = 'none';
      return { event: { kind: 'ejector', byte: first }, taken: 1 };
    }
    if (this.#dialect === 'custom' && first === 0x10) return this.#fullStatus();
    if (BLOCK_HEADS.has(first)) return this.#block(first);
    return this.#statusByte(first);
  }

  #paperLength(): Step | 'other' {
    const text = String.fromCharCode(...this.#rest);
    const match = PAPER_LENGTH.exec(text);
    if (match) {
      this.#expected = 'none';
      return { event: { kind: 'paperLength', centimetres: Number(match[1]) }, taken: match[0].length };
    }
    return PAPER_LENGTH_BEGINNING.test(text) ? undefined : 'other';
  }

  #fullStatus(): Step {
    const [, second, paper, user, recoverable, unrecoverable] = this.#rest;
    if (second === undefined) return undefined;
    if (second !== 0x0f) return garbage(1);
    if (paper === undefined || user === undefined || recoverable === undefined || unrecoverable === undefined) {
      return undefined;
    }
    return { event: { kind: 'fullStatus', paper, user, recoverable, unrecoverable }, taken: 6 };
  }

  #block(head: number): Step {
    const end = this.#rest.indexOf(0x00);
    if (end < 0) return this.#rest.length > BLOCK_LIMIT_BYTES ? garbage(this.#rest.length) : undefined;
    const text = Buffer.from(this.#rest.slice(1, end)).toString('latin1');
    const taken = end + 1;
    if (head === 0x37 && text.length === 5 && text.startsWith(PROCESS_ID_SECOND_BYTE)) {
      return { event: { kind: 'processId', id: text.slice(1) }, taken };
    }
    return { event: { kind: 'block', head, text }, taken };
  }

  #statusByte(first: number): Step {
    switch (first & 0x93) {
      case 0x10:
        return this.#automatic(first);
      case 0x12:
        return { event: { kind: 'realTime', byte: first }, taken: 1 };
      case 0x11:
      case 0x13:
        return { event: { kind: 'flow', go: (first & 0x93) === 0x11 }, taken: 1 };
      default:
        if (DRAINED_BYTES.has(first)) return { event: { kind: 'drained', byte: first }, taken: 1 };
        return garbage(1);
    }
  }

  /** XON and XOFF may stand between the four bytes; a byte that cannot be part of the block means it was none. */
  #automatic(first: number): Step {
    const parts = [first];
    let taken = 1;
    for (const byte of this.#rest.slice(1)) {
      taken += 1;
      if (byte === 0x11 || byte === 0x13) continue;
      if ((byte & 0x90) !== 0) return garbage(1);
      parts.push(byte);
      if (parts.length === 4) break;
    }
    const [a, b, c, d] = parts;
    if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
    return { event: { kind: 'automatic', bytes: [a, b, c, d] }, taken };
  }
}

function garbage(bytes: number): { readonly event: PrinterEvent; readonly taken: number } {
  return { event: { kind: 'garbage', bytes }, taken: bytes };
}

/**
 * What a printer says, taken apart (device-protocols 4.4, 4.5, 4.9). Status bytes carry no header and several kinds share
 * the wire, so the bit patterns decide, and for two kinds of answer that look like others, the question that is open.
 */
import { starStatusLength } from './wire/star-answers.codec.ts';

/** Who speaks: DLE EOT and automatic status; Custom's full status; DLE EOT with Cashino's bit 7; Star's own status. */
export type Dialect = 'epson' | 'custom' | 'cashino' | 'star';

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
  /** Star: the whole automatic status, nine bytes as a rule. */
  | { readonly kind: 'starStatus'; readonly bytes: readonly number[] }
  /** Software flow control. */
  | { readonly kind: 'flow'; readonly go: boolean }
  | { readonly kind: 'garbage'; readonly bytes: number };

/** Answers that only their question tells from a status byte: digits look like XON, the ejector byte like GS r. */
export type Expected = 'none' | 'paperLength' | 'ejector';

const XON = 0x11;
const XOFF = 0x13;
const BLOCK_HEADS: ReadonlySet<number> = new Set([0x37, 0x5f, 0x35, 0x3b, 0x3d]);
const BLOCK_LIMIT_BYTES = 80;
const PROCESS_ID_SECOND_BYTE = '"';
/** GS r 1 sets only the four paper bits, and each sensor's two bits together. */
const DRAINED_BYTES: ReadonlySet<number> = new Set([0x00, 0x03, 0x0c, 0x0f]);
const PAPER_LENGTH = /^(\d{1,5})cm/;
const PAPER_LENGTH_BEGINNING = /^\d{0,5}$|^\d{1,5}c$/;
/** Bits 1 and 4 of the ejector status mean nothing and stay 0. */
const EJECTOR_UNUSED_BITS = 0x12;

/** Star's fixed zeros of every byte but the first two. */
const STAR_FIXED_BITS = 0x91;
const STAR_LEAST_BYTES = 6;

/** One step of the decoder: an event and how many bytes it took; `undefined` when more bytes are needed. */
type Step = { readonly event: PrinterEvent; readonly taken: number } | undefined;

export class EscposStatusDecoder {
  readonly #dialect: Dialect;
  #rest: number[] = [];
  #expected: Expected = 'none';
  #isStatusAwaited = false;
  #held: PrinterEvent[] = [];
  #lostDrained = 0;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  get pendingBytes(): number {
    return this.#rest.length;
  }

  /** Says which answer is awaited; ends by itself when it came. */
  expect(expected: Expected): void {
    this.#expected = expected;
  }

  /**
   * A status was asked for. The byte that says "drained" has no pattern of its own, and zeros are what is left of a damaged
   * status: until a whole status has come such bytes are held back, and dropped by `reset`.
   */
  awaitStatus(): void {
    this.#isStatusAwaited = true;
  }

  /** How many "drained" bytes were dropped since the last call: the proof of a print may have been among them. */
  takeLostDrained(): number {
    const lost = this.#lostDrained;
    this.#lostDrained = 0;
    return lost;
  }

  /** Forgets an unfinished answer: the wire is new, or the answer is overdue. */
  reset(): void {
    this.#rest = [];
    this.#expected = 'none';
    this.#isStatusAwaited = false;
    this.#lostDrained += this.#held.length;
    this.#held = [];
  }

  push(chunk: Uint8Array): PrinterEvent[] {
    const events: PrinterEvent[] = [];
    for (const byte of chunk) {
      if ((byte === XON || byte === XOFF) && this.#isInStatus()) {
        events.push({ kind: 'flow', go: byte === XON });
        continue;
      }
      this.#rest.push(byte);
      for (let step = this.#step(); step; step = this.#step()) {
        this.#rest.splice(0, step.taken);
        events.push(...this.#released(step.event));
      }
    }
    return events;
  }

  /** XON and XOFF may stand between the bytes of a status, and still mean what they mean (4.5). */
  #isInStatus(): boolean {
    const [first] = this.#rest;
    if (first === undefined || this.#dialect === 'custom') return false;
    return this.#dialect === 'star' ? (first & STAR_FIXED_BITS) === 0x01 : (first & 0x93) === 0x10;
  }

  #released(event: PrinterEvent): readonly PrinterEvent[] {
    if (!this.#isStatusAwaited) return [event];
    if (event.kind === 'drained') {
      this.#held.push(event);
      return [];
    }
    if (event.kind !== 'fullStatus' && event.kind !== 'realTime') return [event];
    this.#isStatusAwaited = false;
    return [...this.#held.splice(0), event];
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
    if (this.#dialect === 'star') return this.#starStatus(first);
    if (this.#dialect === 'custom' && first === 0x10) return this.#fullStatus();
    if (this.#dialect === 'cashino' && (first & 0x13) === 0x12) return realTime(first);
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

  /** Its length stands in the first two bytes (4.9). A byte that breaks the fixed zeros ends it: the next one may begin anew. */
  #starStatus(first: number): Step {
    if (first === XON || first === XOFF) return { event: { kind: 'flow', go: first === XON }, taken: 1 };
    if ((first & STAR_FIXED_BITS) !== 0x01) return garbage(1);
    const second = this.#rest[1];
    if (second === undefined) return undefined;
    const length = starStatusLength(first, second);
    if (length < STAR_LEAST_BYTES) return garbage(1);
    const bytes = this.#rest.slice(0, length);
    if (bytes.slice(2).some((byte) => (byte & STAR_FIXED_BITS) !== 0)) return garbage(1);
    return bytes.length < length ? undefined : { event: { kind: 'starStatus', bytes }, taken: length };
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
        return realTime(first);
      case 0x11:
      case 0x13:
        return { event: { kind: 'flow', go: (first & 0x93) === 0x11 }, taken: 1 };
      default:
        if (DRAINED_BYTES.has(first)) return { event: { kind: 'drained', byte: first }, taken: 1 };
        return garbage(1);
    }
  }

  /** Four bytes; one that cannot be part of the block means that it was none. */
  #automatic(first: number): Step {
    const [, second, third, fourth] = this.#rest;
    if (this.#rest.slice(1, 4).some((byte) => (byte & 0x90) !== 0)) return garbage(1);
    if (second === undefined || third === undefined || fourth === undefined) return undefined;
    return { event: { kind: 'automatic', bytes: [first, second, third, fourth] }, taken: 4 };
  }
}

function realTime(byte: number): { readonly event: PrinterEvent; readonly taken: number } {
  return { event: { kind: 'realTime', byte }, taken: 1 };
}

function garbage(bytes: number): { readonly event: PrinterEvent; readonly taken: number } {
  return { event: { kind: 'garbage', bytes }, taken: bytes };
}

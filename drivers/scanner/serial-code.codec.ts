/** Codes as lines on a serial port: data up to CR, LF or both, with the AIM identifier before it where the scanner is set so. */
import { MAX_CODE_BYTES, type CodeDecoder, type ScanEvent } from './code-decoder.ts';

export const LINE_ENDS = { cr: [0x0d], lf: [0x0a], crlf: [0x0d, 0x0a] } as const;
export type LineEnd = keyof typeof LINE_ENDS;
/** `]`, letter, modifier. */
const AIM_BYTES = 3;

export class SerialCodeDecoder implements CodeDecoder {
  readonly #end: readonly number[];
  readonly #hasAim: boolean;
  readonly #limit: number;
  #line: number[] = [];
  #isSwallowing = false;
  #isAfterEnd = true;

  constructor(lineEnd: LineEnd, hasAim: boolean) {
    this.#end = LINE_ENDS[lineEnd];
    this.#hasAim = hasAim;
    this.#limit = MAX_CODE_BYTES + (hasAim ? AIM_BYTES : 0);
  }

  get pendingBytes(): number {
    return this.#line.length;
  }

  get isUnfinished(): boolean {
    return this.#line.length > 0 || this.#isSwallowing;
  }

  push(chunk: Uint8Array): ScanEvent[] {
    return [...chunk].flatMap((byte) => this.#take(byte));
  }

  startAfresh(): void {
    if (this.#line.length > 0) this.#isSwallowing = true;
    this.#keepPartOfEnd();
  }

  quiet(): ScanEvent[] {
    const isCut = this.isUnfinished;
    this.reset();
    return isCut ? [{ kind: 'cut' }] : [];
  }

  reset(): void {
    this.#line = [];
    this.#isSwallowing = false;
    this.#isAfterEnd = true;
  }

  #take(byte: number): ScanEvent[] {
    // a scanner that ends with CR LF although CR was agreed
    if (this.#isAfterEnd && byte === 0x0a && this.#end.length === 1) return [];
    this.#isAfterEnd = false;
    this.#line.push(byte);
    if (this.#endsHere()) return this.#finish();
    if (this.#line.length <= this.#limit || this.#mayBeEnding()) return [];
    const isFirst = !this.#isSwallowing;
    this.#isSwallowing = true;
    this.#keepPartOfEnd();
    return isFirst ? [{ kind: 'tooLong' }] : [];
  }

  #finish(): ScanEvent[] {
    const line = this.#line.slice(0, -this.#end.length);
    const wasSwallowing = this.#isSwallowing;
    this.reset();
    if (wasSwallowing || line.length === 0) return [];
    return [this.#hasAim ? withAim(line) : { kind: 'code', data: Uint8Array.from(line) }];
  }

  #endsHere(): boolean {
    return this.#end.every((byte, index) => this.#line.at(index - this.#end.length) === byte);
  }

  /** The first of two closing bytes stands where no data may. */
  #mayBeEnding(): boolean {
    return this.#end.length === 2 && this.#line.length === this.#limit + 1 && this.#line.at(-1) === this.#end[0];
  }

  /** Of a line that is swallowed only a CR is kept, for the LF that may follow. */
  #keepPartOfEnd(): void {
    const last = this.#line.at(-1);
    this.#line = this.#end.length === 2 && last !== undefined && last === this.#end[0] ? [last] : [];
  }
}

function withAim(line: readonly number[]): ScanEvent {
  const aim = Buffer.from(line.slice(0, AIM_BYTES)).toString('latin1');
  if (!/^\][A-Za-z][0-9A-Za-z]$/.test(aim)) return { kind: 'garbage' };
  const data = Uint8Array.from(line.slice(AIM_BYTES));
  return data.length === 0 ? { kind: 'garbage' } : { kind: 'code', data, symbology: aim.slice(1) };
}

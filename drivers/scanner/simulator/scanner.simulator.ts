import type { Chance, Clock } from '../../../contract/clock.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';

/** How the scanner speaks (device-protocols 5.10): three layouts of HID-POS reports, or a line on a serial port. */
export const SPEECHES = ['honeywell', 'newland', 'report-01', 'serial'] as const;
export type Speech = (typeof SPEECHES)[number];
export const LINE_ENDS = { cr: '\r', lf: '\n', crlf: '\r\n' } as const;
export type LineEnd = keyof typeof LINE_ENDS;

export interface ScannerFaults {
  /** Each code is read so many times more. */
  duplicates: number;
  /** Milliseconds between a code and its duplicate. */
  duplicateGapMs: number;
  /** The last report has so many bytes only; 0 = whole. */
  truncateTo: number;
  /** The last report of a long code, or the end of the line, never comes. */
  losesEnd: boolean;
  /** Random bytes stand before each code. */
  garbageBytes: number;
  /** Bytes behind the data are left over from somewhere, not zero. */
  dirtyPadding: boolean;
  /** Milliseconds between two reports of one code. */
  reportGapMs: number;
  /** A set-up code turns it into a keyboard; then nothing more comes over this wire. */
  obeysSetUpCodes: boolean;
}

export function noScannerFaults(): ScannerFaults {
  return {
    duplicates: 0,
    duplicateGapMs: 400,
    truncateTo: 0,
    losesEnd: false,
    garbageBytes: 0,
    dirtyPadding: false,
    reportGapMs: 0,
    obeysSetUpCodes: false,
  };
}

export interface ScannerOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly speech?: Speech;
  readonly lineEnd?: LineEnd;
  /** A serial scanner set to say the AIM identifier before the code. */
  readonly saysAim?: boolean;
  /** From holding a code up to the beep. */
  readonly readMs?: number;
}

export interface ScannerState {
  readonly connected: boolean;
  readonly speech: Speech;
  readonly mode: 'data' | 'keyboard';
  readonly codesRead: number;
  readonly lastCode: { readonly symbology: string; readonly bytes: number } | null;
  readonly faults: ScannerFaults & WireFaults;
}

const REPORT_BYTES = 64;
/** What a vendor prints in its manual to set a scanner up; the spelling differs from vendor to vendor. */
export const SET_UP_CODES = ['@NLS0006010', '^3@SETUPE1', 'PAP124.'] as const;
/** The vendor's own number of the symbology; the sheet shows 6A for Code 128. */
const VENDOR_SYMBOLOGY = 0x6a;

interface Held {
  readonly data: Uint8Array;
  /** AIM letter and modifier: `C0`. */
  readonly symbology: string;
}

/**
 * A bar code scanner. It only speaks: what a person holds up comes out. A scanner that types like a keyboard has no wire of
 * bytes, so that deceit cannot be simulated here; `mode` says when it has gone over to it.
 */
export class ScannerSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: ScannerFaults = noScannerFaults();
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #speech: Speech;
  readonly #lineEnd: LineEnd;
  readonly #saysAim: boolean;
  readonly #readMs: number;
  #mode: 'data' | 'keyboard' = 'data';
  #codesRead = 0;
  #last: Held | undefined;
  #connected = false;

  constructor({ clock, chance, speech = 'honeywell', lineEnd = 'cr', saysAim = false, readMs = 0 }: ScannerOptions) {
    this.#clock = clock;
    this.#chance = chance;
    this.#speech = speech;
    this.#lineEnd = lineEnd;
    this.#saysAim = saysAim;
    this.#readMs = readMs;
    this.wire = new FaultyWire(clock, chance);
  }

  get state(): ScannerState {
    return {
      connected: this.#connected,
      speech: this.#speech,
      mode: this.#mode,
      codesRead: this.#codesRead,
      lastCode: this.#last ? { symbology: this.#last.symbology, bytes: this.#last.data.length } : null,
      faults: { ...this.faults, ...this.wire.faults },
    };
  }

  /** A person holds a code up, once for each call. */
  holdUp(data: Uint8Array, symbology = 'Q1'): void {
    const held = { data: Uint8Array.from(data), symbology };
    const { duplicates, duplicateGapMs } = this.faults;
    for (let copy = 0; copy <= duplicates; copy += 1)
      this.#after(this.#readMs + copy * duplicateGapMs, () => this.#read(held));
  }

  /** Its factory settings: a data device again. */
  restore(): void {
    this.#mode = 'data';
  }

  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    return this.wire.outputListeners.add(listener);
  }

  onHangUp(listener: () => void): () => void {
    return this.wire.hangUpListeners.add(listener);
  }

  connected(): void {
    this.#connected = true;
  }

  disconnected(): void {
    this.#connected = false;
    this.wire.cut();
  }

  /** Nothing is asked of a scanner on these wires. */
  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, () => undefined);
  }

  #read(held: Held): void {
    if (this.#mode === 'keyboard') return;
    this.#codesRead += 1;
    this.#last = held;
    const text = Buffer.from(held.data).toString('latin1');
    if (this.faults.obeysSetUpCodes && SET_UP_CODES.some((code) => code === text)) {
      this.#mode = 'keyboard';
      return this.wire.hangUp();
    }
    if (this.faults.garbageBytes > 0) this.wire.send(this.#chance.bytes(this.faults.garbageBytes));
    this.#say(this.#speech === 'serial' ? this.#line(held) : this.#reports(held));
  }

  #say(pieces: readonly Uint8Array[]): void {
    const { losesEnd, truncateTo, reportGapMs } = this.faults;
    const kept = losesEnd ? pieces.slice(0, -1) : [...pieces];
    const last = kept.at(-1);
    if (truncateTo > 0 && last) kept[kept.length - 1] = last.slice(0, truncateTo);
    for (const [index, piece] of kept.entries()) this.#after(index * reportGapMs, () => this.wire.send(piece));
  }

  #line({ data, symbology }: Held): Uint8Array[] {
    const aim = this.#saysAim ? `]${symbology}` : '';
    return [Buffer.concat([Buffer.from(aim, 'latin1'), data]), Buffer.from(LINE_ENDS[this.#lineEnd], 'latin1')];
  }

  #reports({ data, symbology }: Held): Uint8Array[] {
    const size = this.#speech === 'report-01' ? 62 : 56;
    const reports: Uint8Array[] = [];
    for (let at = 0; at === 0 || at < data.length; at += size) {
      const part = data.subarray(at, at + size);
      reports.push(this.#report(part, symbology, at + size < data.length));
    }
    return reports;
  }

  #report(part: Uint8Array, symbology: string, isMoreToCome: boolean): Uint8Array {
    const report = this.faults.dirtyPadding
      ? Uint8Array.from(this.#chance.bytes(REPORT_BYTES))
      : new Uint8Array(REPORT_BYTES);
    report[1] = part.length;
    if (this.#speech === 'report-01') {
      report[0] = 0x01;
      report.set(part, 2);
      return report;
    }
    report[0] = 0x02;
    report[63] = isMoreToCome ? 1 : 0;
    if (this.#speech === 'honeywell') {
      report.set(Buffer.from(`]${symbology}`, 'latin1'), 2);
      report.set(part, 5);
      report[61] = VENDOR_SYMBOLOGY;
      report[62] = 0;
    } else {
      report.set(part, 2);
      report[62] = VENDOR_SYMBOLOGY;
    }
    return report;
  }

  #after(ms: number, act: () => void): void {
    if (ms === 0) act();
    else this.#clock.after(ms, act);
  }
}

/**
 * HID-POS input reports (device-protocols 5.10, usage page 8C): 64 bytes, a length, data, and whether the code goes on in the
 * next report. No sum protects them: whoever acts on a code must check the code itself.
 */
import { MAX_CODE_BYTES, type CodeDecoder, type ScanEvent } from './code-decoder.ts';

export const REPORT_BYTES = 64;
const LENGTH_AT = 1;
const BRACKET = 0x5d;

export interface HidposLayout {
  readonly reportId: number;
  /** Where `]`, AIM letter and modifier stand; absent when the scanner does not say them. */
  readonly aimAt?: number;
  readonly dataAt: number;
  readonly maxData: number;
  /** The vendor's own number of the symbology. */
  readonly vendorAt?: number;
  /** Bit 0: more reports follow. Absent: a full report is followed by another one. */
  readonly moreAt?: number;
}

export const LAYOUTS = {
  honeywell: { reportId: 2, aimAt: 2, dataAt: 5, maxData: 56, vendorAt: 61, moreAt: 63 },
  newland: { reportId: 2, dataAt: 2, maxData: 56, vendorAt: 62, moreAt: 63 },
  'report-01': { reportId: 1, dataAt: 2, maxData: 62 },
} as const satisfies Record<string, HidposLayout>;
export type LayoutName = keyof typeof LAYOUTS;

export interface HidposReport {
  readonly data: Uint8Array;
  readonly symbology?: string;
  readonly vendorSymbology?: number;
  readonly moreFollow: boolean;
  /** Everything that has no meaning here, in order: padding, reserved bytes, the other bits of the last one. */
  readonly rest: Uint8Array;
}

export type ReportRead =
  | { readonly ok: true; readonly report: HidposReport }
  | { readonly ok: false; readonly at: number; readonly reason: string };

/** One report at `from`; needs all its 64 bytes. */
export function readReport(bytes: Uint8Array, from: number, layout: HidposLayout): ReportRead {
  const report = Uint8Array.from(bytes.subarray(from, from + REPORT_BYTES)); // a Buffer's own slice would share memory
  const fault = faultOf(report, layout);
  if (fault) return { ok: false, at: from + fault.at, reason: fault.reason };
  const { aimAt, dataAt, maxData, vendorAt, moreAt } = layout;
  const length = report[LENGTH_AT] ?? 0;
  return {
    ok: true,
    report: {
      data: report.slice(dataAt, dataAt + length),
      ...(aimAt === undefined ? {} : { symbology: aimIn(report, aimAt).slice(1) }),
      ...(vendorAt === undefined ? {} : { vendorSymbology: report[vendorAt] ?? 0 }),
      moreFollow: moreAt === undefined ? length === maxData : ((report[moreAt] ?? 0) & 1) === 1,
      rest: unusedOf(report, layout),
    },
  };
}

function faultOf(
  report: Uint8Array,
  { reportId, aimAt, maxData }: HidposLayout,
): { readonly at: number; readonly reason: string } | undefined {
  if (report.length < REPORT_BYTES) return { at: report.length, reason: `a report has ${REPORT_BYTES} bytes` };
  if (report[0] !== reportId) return { at: 0, reason: `the number of the report is ${report[0]}, not ${reportId}` };
  const length = report[LENGTH_AT] ?? 0;
  if (length > maxData) return { at: LENGTH_AT, reason: `length ${length} is more than ${maxData}` };
  if (aimAt === undefined || /^\][A-Za-z][0-9A-Za-z]$/.test(aimIn(report, aimAt))) return undefined;
  return { at: aimAt, reason: 'no AIM identifier' };
}

function aimIn(report: Uint8Array, at: number): string {
  return Buffer.from(report.subarray(at, at + 3)).toString('latin1');
}

/** The report with everything blanked that has a meaning. */
function unusedOf(report: Uint8Array, { dataAt, vendorAt, moreAt }: HidposLayout): Uint8Array {
  const unused = report.slice();
  unused.fill(0, 0, dataAt + (report[LENGTH_AT] ?? 0));
  if (vendorAt !== undefined) unused[vendorAt] = 0;
  if (moreAt !== undefined) unused[moreAt] = (report[moreAt] ?? 0) & 0xfe;
  return unused;
}

export function encodeReport(
  report: HidposReport,
  { reportId, aimAt, dataAt, vendorAt, moreAt }: HidposLayout,
): Uint8Array {
  const bytes = report.rest.slice(0, REPORT_BYTES);
  bytes[0] = reportId;
  bytes[LENGTH_AT] = report.data.length;
  if (aimAt !== undefined) bytes.set([BRACKET, ...Buffer.from(report.symbology ?? '', 'latin1')], aimAt);
  bytes.set(report.data, dataAt);
  if (vendorAt !== undefined) bytes[vendorAt] = report.vendorSymbology ?? 0;
  if (moreAt !== undefined) bytes[moreAt] = (bytes[moreAt] ?? 0) | (report.moreFollow ? 1 : 0);
  return bytes;
}

/**
 * Reports joined into codes. On USB a chunk is a report; over a byte stream (serial server, simulated station) it may come in
 * any pieces, and then only a report whose unused bytes are all zero is believed, so that noise does not shift the frame.
 */
export class HidposDecoder implements CodeDecoder {
  readonly #layout: HidposLayout;
  #rest: Uint8Array = new Uint8Array();
  #code: number[] = [];
  #state: 'idle' | 'collecting' | 'swallowing' = 'idle';

  constructor(layout: HidposLayout) {
    this.#layout = layout;
  }

  get pendingBytes(): number {
    return this.#rest.length + this.#code.length;
  }

  get isUnfinished(): boolean {
    return this.#rest.length > 0 || this.#state !== 'idle';
  }

  push(chunk: Uint8Array): ScanEvent[] {
    if (this.#rest.length === 0 && chunk.length === REPORT_BYTES) {
      const whole = readReport(chunk, 0, this.#layout);
      if (whole.ok) return this.#take(whole.report);
    }
    this.#rest = Uint8Array.from([...this.#rest, ...chunk]);
    return this.#drain();
  }

  startAfresh(): void {
    if (this.#rest.length > 0) this.#state = 'swallowing';
    this.#swallow();
  }

  quiet(): ScanEvent[] {
    const isCut = this.isUnfinished;
    this.reset();
    return isCut ? [{ kind: 'cut' }] : [];
  }

  reset(): void {
    this.#rest = new Uint8Array();
    this.#code = [];
    this.#state = 'idle';
  }

  #drain(): ScanEvent[] {
    const events: ScanEvent[] = [];
    let from = 0;
    while (from < this.#rest.length) {
      const isHopeless = this.#rest[from] !== this.#layout.reportId;
      if (!isHopeless && this.#rest.length - from < REPORT_BYTES) break;
      const read = isHopeless ? undefined : readReport(this.#rest, from, this.#layout);
      if (read?.ok && read.report.rest.every((byte) => byte === 0)) {
        events.push(...this.#take(read.report));
        from += REPORT_BYTES;
      } else {
        // a damaged report inside a long code leaves a hole: that code is lost
        this.#swallow();
        if (events.at(-1)?.kind !== 'garbage') events.push({ kind: 'garbage' });
        from += 1;
      }
    }
    this.#rest = this.#rest.slice(from);
    return events;
  }

  #take({ data, symbology, moreFollow }: HidposReport): ScanEvent[] {
    if (this.#state === 'swallowing') {
      if (!moreFollow) this.#state = 'idle';
      return [];
    }
    this.#code.push(...data);
    if (this.#code.length > MAX_CODE_BYTES) {
      this.#code = [];
      this.#state = moreFollow ? 'swallowing' : 'idle';
      return [{ kind: 'tooLong' }];
    }
    this.#state = moreFollow ? 'collecting' : 'idle';
    if (moreFollow) return [];
    const code = Uint8Array.from(this.#code);
    this.#code = [];
    if (code.length === 0) return [];
    return [{ kind: 'code', data: code, ...(symbology === undefined ? {} : { symbology }) }];
  }

  #swallow(): void {
    if (this.#state === 'collecting') this.#state = 'swallowing';
    this.#code = [];
  }
}

/** Reports of a HID-POS scanner as a person with a line of hex meets them (device-protocols 5.10). */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning, WireKey } from '../wire-key.ts';
import {
  encodeReport,
  LAYOUTS,
  readReport,
  REPORT_BYTES,
  type HidposLayout,
  type HidposReport,
} from './hidpos.codec.ts';
import { textOf } from './code-text.ts';

export const WIRE_KEYS: readonly WireKey[] = [
  wireKeyOf('barcode-hidpos', 'HID-POS report, Honeywell-type (device-protocols 5.10)', LAYOUTS.honeywell),
  wireKeyOf('barcode-hidpos-newland', 'HID-POS report, Newland/IDTech-type (device-protocols 5.10)', LAYOUTS.newland),
];

/** Reports only come in, and one chunk is one report: there is no stream to decode. */
function wireKeyOf(key: string, protocol: string, layout: HidposLayout): WireKey {
  return {
    key,
    protocol,
    decode: (bytes) => decode(bytes, layout),
    encode: (meaning) => encode(meaning, layout),
    mask: (_direction, bytes) => mask(bytes, layout),
  };
}

/** One report is an object, a run of several a list: a code that goes on is not joined here. */
function decode(bytes: Uint8Array, layout: HidposLayout): Result<Meaning> {
  const meanings: Meaning[] = [];
  for (let from = 0; from < bytes.length || from === 0; from += REPORT_BYTES) {
    const read = readReport(bytes, from, layout);
    if (!read.ok) return fail('device.garbage', `byte ${read.at}: ${read.reason}`);
    meanings.push(meaningOf(read.report, layout));
  }
  const [only] = meanings;
  return ok(meanings.length === 1 && only !== undefined ? only : meanings);
}

function meaningOf(report: HidposReport, { reportId }: HidposLayout): Meaning {
  const { data, symbology, vendorSymbology, moreFollow, rest } = report;
  const text = textOf(data);
  return {
    direction: 'fromDevice',
    reportId,
    dataBytes: data.length,
    data: hexOf(data),
    ...(text ? { text: text.text, textEncoding: text.encoding } : {}),
    ...(symbology === undefined ? {} : { aimIdentifier: symbology }),
    ...(vendorSymbology === undefined ? {} : { vendorSymbology }),
    moreFollow,
    // bytes without a meaning that are not zero, so that nothing of the report is lost
    ...(rest.some((byte) => byte !== 0) ? { unusedBytes: hexOf(rest) } : {}),
  };
}

function encode(meaning: unknown, layout: HidposLayout): Result<Uint8Array> {
  const reports: Uint8Array[] = [];
  for (const one of Array.isArray(meaning) ? (meaning as unknown[]) : [meaning]) {
    const report = isFields(one) ? reportOf(one, layout) : undefined;
    if (!report) return fail('device.garbage', 'not the meaning of a report of this layout');
    reports.push(encodeReport(report, layout));
  }
  return ok(Uint8Array.from(Buffer.concat(reports)));
}

function reportOf(fields: Readonly<Record<string, unknown>>, layout: HidposLayout): HidposReport | undefined {
  const data = hexBytes(fields['data']);
  const rest = fields['unusedBytes'] === undefined ? new Uint8Array(REPORT_BYTES) : hexBytes(fields['unusedBytes']);
  const { aimIdentifier: symbology, vendorSymbology, moreFollow } = fields;
  if (!data || data.length > layout.maxData || rest?.length !== REPORT_BYTES) return undefined;
  if (typeof moreFollow !== 'boolean' || !isByte(vendorSymbology) || !isAim(symbology, layout)) return undefined;
  return { data, vendorSymbology, moreFollow, rest, ...(symbology === undefined ? {} : { symbology }) };
}

function isAim(value: unknown, { aimAt }: HidposLayout): value is string | undefined {
  if (aimAt === undefined) return value === undefined;
  return typeof value === 'string' && /^[A-Za-z][0-9A-Za-z]$/.test(value);
}

/** A code may be a payment token or an ID number: lengths and symbology stay, what was scanned does not. */
function mask(bytes: Uint8Array, layout: HidposLayout): Uint8Array {
  const masked = new Uint8Array(bytes.length);
  for (let from = 0; from + REPORT_BYTES <= bytes.length; from += REPORT_BYTES) {
    const read = readReport(bytes, from, layout);
    if (!read.ok) continue;
    const { report } = read;
    const blank = { ...report, data: new Uint8Array(report.data.length), rest: new Uint8Array(REPORT_BYTES) };
    masked.set(encodeReport(blank, layout), from);
  }
  return masked;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

function hexBytes(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || !/^(?:[0-9A-F]{2})*$/.test(value)) return undefined;
  return Uint8Array.from(Buffer.from(value, 'hex'));
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

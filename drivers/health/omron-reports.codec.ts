/** The reports under the Omron's messages: eight bytes each, a count and at most seven bytes (device-protocols 7.3). */
import Type, { type Static } from 'typebox';
import { parse } from '../../contract/check.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning } from '../wire-key.ts';
import { bytesOf, encodeEach, hexOf } from './garbage.ts';
import { meaningsOf, OmronMessage, readOmronMessages, writeOmronMessage } from './omron.codec.ts';

export const REPORT_BYTES = 8;
const CAPACITY = 7;
const Byte = Type.Integer({ minimum: 1, maximum: CAPACITY });
const Reports = Type.Object(
  {
    kind: Type.Literal('reports'),
    byteCounts: Type.Array(Byte, { minItems: 1, maxItems: 16 }),
    /** What fills the reports up, when it is not all zero. */
    paddingHex: Type.Optional(Type.String({ pattern: '^([0-9A-F]{2})*$' })),
    content: Type.Unknown(),
  },
  { additionalProperties: false },
);
type Reports = Static<typeof Reports>;

/** The bytes that one report carries; undefined for what is no report. */
export function payloadOf(report: Uint8Array): Uint8Array | undefined {
  const count = report[0] ?? 0;
  if (report.length !== REPORT_BYTES || count < 1 || count > CAPACITY) return undefined;
  return report.slice(1, 1 + count);
}

/** A message cut into reports, padded with zeros. */
export function reportsOf(message: Uint8Array): readonly Uint8Array[] {
  const reports: Uint8Array[] = [];
  for (let at = 0; at < message.length; at += CAPACITY) {
    const piece = message.subarray(at, at + CAPACITY);
    reports.push(Uint8Array.from([piece.length, ...piece, ...new Uint8Array(CAPACITY - piece.length)]));
  }
  return reports;
}

/** Messages as they are, or whole reports around whole messages: a report begins with 1 to 7, no message does. */
export function decodeOmron(bytes: Uint8Array): Result<Meaning> {
  const payloads = payloadsOf(bytes);
  const content = readOmronMessages(payloads ? Uint8Array.from(payloads.flatMap((part) => [...part])) : bytes);
  if (!content.ok) return payloads ? inReports(content.problem.detail) : content;
  if (!payloads) return ok(meaningsOf(content.value));
  const padding = payloads.flatMap((part, index) => [
    ...bytes.subarray(index * REPORT_BYTES + 1 + part.length, (index + 1) * REPORT_BYTES),
  ]);
  return ok({
    kind: 'reports',
    byteCounts: payloads.map((part) => part.length),
    ...(padding.every((byte) => byte === 0) ? {} : { paddingHex: hexOf(Uint8Array.from(padding)) }),
    content: meaningsOf(content.value),
  });
}

function inReports(detail = ''): Result<never> {
  return fail('device.garbage', `inside the reports, ${detail}`);
}

function payloadsOf(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  if (bytes.length === 0 || bytes.length % REPORT_BYTES !== 0) return undefined;
  const payloads: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += REPORT_BYTES) {
    const payload = payloadOf(bytes.subarray(at, at + REPORT_BYTES));
    if (!payload) return undefined;
    payloads.push(payload);
  }
  return payloads;
}

export function encodeOmron(meaning: unknown): Result<Uint8Array> {
  const reports = parse(Reports, meaning);
  return reports.ok ? encodeReports(reports.value) : encodeEach(meaning, OmronMessage, writeOmronMessage);
}

function encodeReports(one: Reports): Result<Uint8Array> {
  const content = encodeEach(one.content, OmronMessage, writeOmronMessage);
  if (!content.ok) return content;
  const sum = one.byteCounts.reduce((total, count) => total + count, 0);
  if (sum !== content.value.length)
    return fail('kiosk.badMessage', `byteCounts carry ${sum} bytes of ${content.value.length}`);
  const padding = [...bytesOf(one.paddingHex ?? '')];
  const bytes: number[] = [];
  let at = 0;
  for (const count of one.byteCounts) {
    const filler = Array.from({ length: CAPACITY - count }, () => padding.shift() ?? 0);
    bytes.push(count, ...content.value.subarray(at, at + count), ...filler);
    at += count;
  }
  return ok(Uint8Array.from(bytes));
}

/** A reading becomes an empty one, texts (name of the profile, serial number) become stars; what cannot be read, zeros. */
export function maskOmron(bytes: Uint8Array): Uint8Array {
  const payloads = payloadsOf(bytes);
  if (!payloads) return maskMessages(bytes);
  const content = maskMessages(Uint8Array.from(payloads.flatMap((part) => [...part])));
  let at = 0;
  return Uint8Array.from(
    payloads.flatMap((part) => {
      const piece = content.subarray(at, at + part.length);
      at += part.length;
      return [part.length, ...piece, ...new Uint8Array(CAPACITY - part.length)];
    }),
  );
}

function maskMessages(bytes: Uint8Array): Uint8Array {
  const read = readOmronMessages(bytes);
  if (!read.ok) return new Uint8Array(bytes.length);
  const masked = read.value.map((message): OmronMessage => {
    if (message.kind === 'answer') return { ...message, text: '*'.repeat(message.text.length) };
    if (message.kind !== 'reading') return message;
    return { kind: 'emptyReading', ...(message.carriedBy === undefined ? {} : { carriedBy: message.carriedBy }) };
  });
  return Uint8Array.from(masked.flatMap((message) => [...writeOmronMessage(message)]));
}

/** The protocols of ID-card readers by the keys of the sheet's worked frames (device-protocols 1). */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning, WireKey } from '../wire-key.ts';
import { fieldsOf, hexBytes, hexText, type Fields } from './meaning-fields.ts';
import { readAnswer } from './sam-answer.codec.ts';
import { HEADER_BYTES, SamDecoder, sealFrame } from './sam-frame.codec.ts';
import { maskAnswers } from './sam-mask.codec.ts';
import { frameMeaning, writeMeaning } from './sam-meaning.codec.ts';
import { frameAt, garbage, hex2, lengthAt, nextFrame } from './sam-run.codec.ts';
import { SAM_STATUS } from './sam-tables.ts';
import { READ_UID, readUid, UID_BYTES } from './typeb-uid.codec.ts';

const REPORT_BYTES = 64;
/** Head, SW1 to SW3: what the first report of an answer always holds. */
const STATUS_AT = HEADER_BYTES + 2;

/** One meaning for one frame, a list for several. */
function oneOrList(meanings: readonly Meaning[]): Result<Meaning> {
  const [first] = meanings;
  if (first === undefined) return garbage(0, 'nothing');
  return ok(meanings.length === 1 ? first : meanings);
}

function decodeSam(bytes: Uint8Array): Result<Meaning> {
  const meanings: Meaning[] = [];
  for (let at = 0; at < bytes.length;) {
    const frame = nextFrame(bytes, at);
    if (!frame.ok) return frame;
    const meaning = frameMeaning(frame.value);
    if (!meaning.ok) return meaning;
    const noise = bytes.subarray(at, frame.value.start);
    meanings.push(
      noise.length === 0 ? meaning.value : { ...(meaning.value as object), noiseBeforeHex: hexText(noise) },
    );
    at = frame.value.end;
  }
  return oneOrList(meanings);
}

/** Each frame begins in a report of its own; what is left of its last one is zeros. */
function decodeReports(bytes: Uint8Array): Result<Meaning> {
  if (bytes.length % REPORT_BYTES !== 0) return garbage(bytes.length, 'no whole number of 64-byte reports');
  const meanings: Meaning[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = lengthAt(bytes, at);
    if (!length.ok) return length;
    const end = at + HEADER_BYTES + length.value;
    const next = at + reportsOf(end - at) * REPORT_BYTES;
    const meaning = next > bytes.length ? beginning(bytes, at, end) : wholeInReports(bytes, at, end, next);
    if (!meaning.ok) return meaning;
    meanings.push(meaning.value);
    at = next;
  }
  return oneOrList(meanings);
}

function wholeInReports(bytes: Uint8Array, start: number, end: number, next: number): Result<Meaning> {
  const frame = frameAt(bytes, start);
  if (!frame.ok) return frame;
  const padding = bytes.subarray(end, next).findIndex((byte) => byte !== 0);
  return padding < 0 ? frameMeaning(frame.value) : garbage(end + padding, 'padding that is not zero');
}

/** The first reports of an answer whose others are not here. */
function beginning(bytes: Uint8Array, start: number, end: number): Result<Meaning> {
  const answer = readAnswer(bytes.subarray(start + HEADER_BYTES));
  const status = answer && SAM_STATUS.get(answer.code);
  if (!answer || !status) return garbage(start + STATUS_AT, 'no answer begins like this');
  return ok({
    direction: 'fromDevice',
    code: hex2(answer.code),
    status: status.name,
    isWhole: false,
    frameBytes: end - start,
    reports: reportsOf(end - start),
    reportsHex: hexText(bytes.subarray(start)),
  });
}

function reportsOf(byteCount: number): number {
  return Math.ceil(byteCount / REPORT_BYTES);
}

/** The bytes of a meaning or a list of them, each made by `write`. */
function encodeEach(meaning: unknown, write: (fields: Fields) => Uint8Array | undefined): Result<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const each of Array.isArray(meaning) ? (meaning as unknown[]) : [meaning]) {
    const fields = fieldsOf(each);
    const bytes = fields && write(fields);
    if (!bytes)
      return fail('device.garbage', `no frame means ${parts.length === 0 ? 'this' : `part ${parts.length + 1}`}`);
    parts.push(bytes);
  }
  return ok(Uint8Array.from(Buffer.concat(parts)));
}

function writeSamFrame(fields: Fields): Uint8Array | undefined {
  const payload = writeMeaning(fields);
  const noise = fields['noiseBeforeHex'] === undefined ? new Uint8Array() : hexBytes(fields['noiseBeforeHex']);
  return payload && noise && Uint8Array.of(...noise, ...sealFrame(payload));
}

function writeReports(fields: Fields): Uint8Array | undefined {
  if (fields['reportsHex'] !== undefined) return hexBytes(fields['reportsHex']);
  const payload = writeMeaning(fields);
  if (!payload) return undefined;
  const frame = sealFrame(payload);
  const reports = new Uint8Array(reportsOf(frame.length) * REPORT_BYTES);
  reports.set(frame);
  return reports;
}

function decodeTypeB(bytes: Uint8Array): Result<Meaning> {
  const meanings: Meaning[] = [];
  for (let at = 0; at < bytes.length;) {
    const found = isReadUid(bytes, at) ? READ_UID_MEANING : uidAt(bytes, at);
    if (!found) return garbage(at, 'neither 0036000008 nor eight bytes and 9000');
    meanings.push(found.meaning);
    at += found.bytes;
  }
  return oneOrList(meanings);
}

const READ_UID_MEANING = { meaning: { direction: 'toDevice', command: 'readUid' }, bytes: READ_UID.length } as const;

function uidAt(bytes: Uint8Array, at: number): { readonly meaning: Meaning; readonly bytes: number } | undefined {
  const short = UID_BYTES + 2;
  const uidHex = readUid(bytes.subarray(at, at + short));
  if (uidHex === undefined) return undefined;
  // The 00 that some readers append is not the first byte of the next question.
  const hasTail = bytes[at + short] === 0 && !isReadUid(bytes, at + short);
  const meaning = { direction: 'fromDevice', status: '9000', uidHex, hasTrailingZero: hasTail };
  return { meaning, bytes: hasTail ? short + 1 : short };
}

function isReadUid(bytes: Uint8Array, at: number): boolean {
  return READ_UID.every((byte, index) => bytes[at + index] === byte);
}

function writeTypeB(fields: Fields): Uint8Array | undefined {
  if (fields['direction'] === 'toDevice') return fields['command'] === 'readUid' ? READ_UID : undefined;
  const uid = hexBytes(fields['uidHex']);
  if (fields['direction'] !== 'fromDevice' || uid?.length !== UID_BYTES) return undefined;
  return Uint8Array.of(...uid, 0x90, 0x00, ...(fields['hasTrailingZero'] === true ? [0x00] : []));
}

export const WIRE_KEYS: readonly WireKey[] = [
  {
    key: 'idcard-sam',
    protocol: 'security module of resident ID-card readers, serial or TCP (device-protocols 1.2 to 1.8)',
    decode: decodeSam,
    encode: (meaning) => encodeEach(meaning, writeSamFrame),
    mask: (direction, bytes) => (direction === 'toDevice' ? Uint8Array.from(bytes) : maskAnswers(bytes)),
    stream: () => new SamDecoder(),
  },
  {
    key: 'idcard-sam-hid',
    protocol: 'the same in 64-byte HID reports padded with zeros, variant A (device-protocols 1.1)',
    decode: decodeReports,
    encode: (meaning) => encodeEach(meaning, writeReports),
    mask: (direction, bytes) => (direction === 'toDevice' ? Uint8Array.from(bytes) : maskAnswers(bytes)),
    stream: () => new SamDecoder(),
  },
  {
    key: 'idcard-typeb',
    protocol: 'serial number of the card through a plain Type-B reader (device-protocols 1.9)',
    decode: decodeTypeB,
    encode: (meaning) => encodeEach(meaning, writeTypeB),
    mask: (direction, bytes) => (direction === 'toDevice' ? Uint8Array.from(bytes) : new Uint8Array(bytes.length)),
  },
];

/**
 * `iso8583`: messages between terminal and acquirer (device-protocols 5.4 to 5.7). Whether the MAC is right can only be said
 * under the key it was made with; here that is the key of the worked messages, and a MAC that does not verify under it is
 * reported as such: it may be wrong, or made with another key.
 */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning, WireDirection, WireKey } from '../wire-key.ts';
import { ISO_FIELDS, isoField, RESPONSE_MEANINGS } from './iso8583-fields.ts';
import { ecbMac, WORKED_MAC_KEY } from './iso8583-mac.ts';
import {
  decodeIso,
  encodeIso,
  IsoDecoder,
  isoLengthOf,
  MAC_FIELD,
  macInputOf,
  type IsoMessage,
} from './iso8583.codec.ts';
import { readTlvs } from './iso8583-tlv.ts';
import { isRecord } from './mis-meaning.ts';

/** Sign-in and settlement have no processing code; their message type says what they are. */
const BY_TYPE: Readonly<Record<string, string>> = {
  '0400': 'reversal',
  '0500': 'settlement',
  '0800': 'signIn',
  '0820': 'signOut',
};
/** Request, then field 3, then 60.1. */
const BY_CODES: readonly (readonly [name: string, mti: string, processingCode: string, type: string])[] = [
  ['balance', '0200', '310000', '01'],
  ['sale', '0200', '000000', '22'],
  ['void', '0200', '200000', '23'],
  ['refund', '0220', '200000', '25'],
  ['preAuthorisation', '0100', '030000', '10'],
  ['offlineAdvice', '0220', '000000', '30'],
  ['adjustment', '0220', '000000', '32'],
  ['adjustment', '0220', '000000', '34'],
];
/** Written from other keys, or only said. */
const DERIVED = new Set(['direction', 'transaction', 'responseMeaning', 'batch', 'original', 'macOk', 'chipTags']);

function meaningOf(bytes: Uint8Array, message: IsoMessage): Meaning {
  const { tpdu, header, mti, fields } = message;
  const meaning: Record<string, Meaning> = {
    direction: mti[2] === '0' || mti[2] === '2' ? 'toDevice' : 'fromDevice',
    transaction: transactionOf(message),
    messageType: mti,
    tpdu: { id: tpdu.slice(0, 2), destination: tpdu.slice(2, 6), source: tpdu.slice(6) },
    header,
  };
  for (const [number, value] of fields) {
    const key = isoField(number)?.key;
    if (key !== undefined) meaning[key] = valueOf(number, value);
  }
  return { ...meaning, ...derivedOf(bytes, fields) };
}

function derivedOf(bytes: Uint8Array, fields: ReadonlyMap<number, string>): Record<string, Meaning> {
  const code = fields.get(39);
  const named = code === undefined ? undefined : RESPONSE_MEANINGS[code];
  const [private60 = '', original = ''] = [fields.get(60), fields.get(61)];
  const chip = readTlvs(fields.get(55) ?? '');
  const input = macInputOf(bytes);
  return {
    ...(named !== undefined && { responseMeaning: named }),
    ...(private60.length >= 8 && { batch: private60.slice(2, 8) }),
    ...(original.length >= 12 && {
      original: {
        batch: original.slice(0, 6),
        trace: original.slice(6, 12),
        ...(original.length >= 16 && { date: original.slice(12, 16) }),
      },
    }),
    ...(chip && chip.length > 0 && { chipTags: Object.fromEntries(chip) }),
    ...(input && { macOk: fields.get(MAC_FIELD) === ecbMac(input, WORKED_MAC_KEY) }),
  };
}

/** What is asked, also of the answer: an answer's type is the request's plus ten. */
function transactionOf({ mti, fields }: IsoMessage): string {
  const request = `${mti.slice(0, 2)}${mti[2] === '1' || mti[2] === '3' ? String(Number(mti[2]) - 1) : mti[2]}${mti[3]}`;
  const type = BY_TYPE[request];
  if (type !== undefined) return type;
  const [processingCode, private60] = [fields.get(3), fields.get(60)];
  const row = BY_CODES.find(
    ([, rowMti, rowCode, rowType]) =>
      rowMti === request && rowCode === processingCode && rowType === private60?.slice(0, 2),
  );
  return row?.[0] ?? 'other';
}

function valueOf(number: number, value: string): Meaning {
  return number === 4 ? Number(value) : value;
}

function decode(bytes: Uint8Array): Result<Meaning> {
  const meanings: Meaning[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = isoLengthOf(bytes.subarray(at));
    const end = length?.ok ? Math.min(bytes.length, at + length.value) : bytes.length;
    const frame = bytes.slice(at, end);
    const message = decodeIso(frame);
    if (!message.ok) {
      return at === 0 ? message : fail('device.garbage', `message at byte ${at}: ${message.problem.detail ?? ''}`);
    }
    meanings.push(meaningOf(frame, message.value));
    at = end;
  }
  if (meanings.length === 0) return fail('device.garbage', 'no bytes');
  return ok(meanings.length === 1 ? (meanings[0] ?? null) : meanings);
}

function encode(meaning: unknown): Result<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const one of Array.isArray(meaning) ? (meaning as unknown[]) : [meaning]) {
    const message = messageOf(one);
    const bytes = message.ok ? encodeIso(message.value) : message;
    if (!bytes.ok) return bytes;
    parts.push(bytes.value);
  }
  return ok(Uint8Array.from(Buffer.concat(parts)));
}

function messageOf(meaning: unknown): Result<IsoMessage> {
  if (!isRecord(meaning) || !isRecord(meaning['tpdu']))
    return fail('kiosk.badMessage', 'a message is an object with a TPDU');
  const { messageType, header, tpdu, ...rest } = meaning;
  const { id, destination, source } = tpdu as Readonly<Record<string, unknown>>;
  const fields = new Map<number, string>();
  for (const [key, value] of Object.entries(rest)) {
    if (DERIVED.has(key)) continue;
    const field = ISO_FIELDS.find((candidate) => candidate.key === key);
    if (!field || (typeof value !== 'string' && typeof value !== 'number'))
      return fail('kiosk.badMessage', `no field ${key}`);
    fields.set(field.number, field.number === 4 ? String(value).padStart(12, '0') : String(value));
  }
  return ok({
    tpdu: `${String(id)}${String(destination)}${String(source)}`,
    header: String(header),
    mti: String(messageType),
    fields,
  });
}

/** Card, tracks, expiry, PIN block and chip data become zeros; what is no message is blanked whole. */
function mask(_direction: WireDirection, bytes: Uint8Array): Uint8Array {
  const message = decodeIso(bytes);
  if (!message.ok) return new Uint8Array(bytes.length);
  const fields = new Map([...message.value.fields].map(([number, value]) => [number, maskedValue(number, value)]));
  const masked = encodeIso({ ...message.value, fields });
  return masked.ok && masked.value.length === bytes.length ? masked.value : new Uint8Array(bytes.length);
}

function maskedValue(number: number, value: string): string {
  return isoField(number)?.isPersonal === true ? value.replaceAll(/[0-9A-F]/g, '0') : value;
}

export const ISO8583_KEY: WireKey = {
  key: 'iso8583',
  protocol: 'ISO 8583 between terminal and acquirer, UnionPay (device-protocols 5.4)',
  decode,
  encode,
  mask,
  stream: () => new IsoDecoder(),
};

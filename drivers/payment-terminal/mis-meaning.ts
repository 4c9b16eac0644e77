/**
 * A MIS frame as a person reads it, and back (device-protocols 5.1). Keys stand in the order of the frame, so that the frame
 * can be made again from them. Not used by the driver, which reads only what it must know (`mis-messages.codec.ts`).
 */
import iconv from 'iconv-lite';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning } from '../wire-key.ts';
import { decodeTlv, encodeFrame, type Tlv } from './mis-tlv.codec.ts';

type Coding =
  'digits' | 'text' | 'gbk' | 'cents' | 'moneyText' | 'type' | 'date' | 'monthDay' | 'yearMonth' | 'time' | 'block';

interface Field {
  readonly tag: number;
  readonly key: string;
  readonly coding: Coding;
  readonly isPersonal?: boolean;
}

/** The sheet does not say what DF08, DF09 and DF0D are. */
const FIELDS: readonly Field[] = [
  { tag: 0xdf01, key: 'messageType', coding: 'type' },
  { tag: 0xdf02, key: 'tradeCode', coding: 'digits' },
  { tag: 0xdf03, key: 'amountCents', coding: 'cents' },
  { tag: 0xdf04, key: 'echo', coding: 'digits' },
  { tag: 0xdf06, key: 'details', coding: 'block' },
  { tag: 0xdf07, key: 'resultCode', coding: 'text' },
  { tag: 0xdf08, key: 'df08', coding: 'digits' },
  { tag: 0xdf09, key: 'df09', coding: 'digits' },
  { tag: 0xdf0a, key: 'batch', coding: 'digits' },
  { tag: 0xdf0b, key: 'originalTime', coding: 'time' },
  { tag: 0xdf0d, key: 'df0d', coding: 'text' },
  { tag: 0xdf10, key: 'trace', coding: 'digits' },
  { tag: 0xdf11, key: 'date', coding: 'date' },
  { tag: 0xdf12, key: 'terminal', coding: 'text' },
  { tag: 0xdf13, key: 'merchant', coding: 'text' },
  { tag: 0xdf16, key: 'originalAuthorisation', coding: 'text' },
  { tag: 0xdf17, key: 'originalDate', coding: 'monthDay' },
  { tag: 0xdf18, key: 'voucher', coding: 'digits' },
  { tag: 0xdf19, key: 'originalTrace', coding: 'digits' },
  { tag: 0xdf1a, key: 'reference', coding: 'text' },
  { tag: 0xdf1b, key: 'authorisation', coding: 'text' },
  { tag: 0xdf1c, key: 'monthDay', coding: 'monthDay' },
  { tag: 0xdf1d, key: 'time', coding: 'time' },
  { tag: 0xdf1e, key: 'card', coding: 'text', isPersonal: true },
  { tag: 0xdf1f, key: 'cardExpiry', coding: 'yearMonth', isPersonal: true },
  { tag: 0xdf20, key: 'secondAmountCents', coding: 'cents' },
  { tag: 0xdf2c, key: 'cardOrganisation', coding: 'text' },
  { tag: 0xdf45, key: 'merchantName', coding: 'gbk' },
  { tag: 0xdf46, key: 'desk', coding: 'text' },
  { tag: 0xdf47, key: 'operator', coding: 'text' },
  { tag: 0xdf69, key: 'qrOrder', coding: 'text' },
  { tag: 0xdf6a, key: 'paymentCode', coding: 'text', isPersonal: true },
];
/** In the details block the amount is a text. */
const AMOUNT_TEXT: Field = { tag: 0xdf03, key: 'amountText', coding: 'moneyText' };
/** What is left of 1024 bytes beside head and end. */
const MOST_DATA_BYTES = 1_019;
const TYPES: Readonly<Record<string, string>> = { '00': 'request', '02': 'response' };

export function isPersonalTag(tag: number): boolean {
  return FIELDS.some((field) => field.tag === tag && field.isPersonal === true);
}

export function meaningOfFields(fields: readonly Tlv[]): Record<string, Meaning> {
  const meaning: Record<string, Meaning> = {};
  for (const { tag, value } of fields) {
    const field = FIELDS.find((candidate) => candidate.tag === tag);
    // A text where the request has six BCD bytes is the amount of the details block.
    const isText = tag === AMOUNT_TEXT.tag && value.length !== 6;
    const { key, coding } = isText
      ? AMOUNT_TEXT
      : (field ?? { key: `tag${tag.toString(16).toUpperCase()}`, coding: null });
    meaning[unused(meaning, key)] = (coding && CODECS[coding].decode(value)) ?? { hex: hexOf(value) };
    const cents = isText ? centsOf(meaning['amountText']) : undefined;
    if (cents !== undefined) meaning['amountCents'] = cents;
  }
  return meaning;
}

export function encodeMeaningFrame(meaning: Readonly<Record<string, unknown>>): Result<Uint8Array> {
  const fields = fieldsOf(meaning);
  return fields.ok ? ok(encodeFrame(fields.value)) : fields;
}

function fieldsOf(meaning: Readonly<Record<string, unknown>>): Result<Tlv[]> {
  const fields: Tlv[] = [];
  for (const [name, value] of Object.entries(meaning)) {
    if (name === 'direction' || (name === 'amountCents' && 'amountText' in meaning)) continue;
    const field = tlvOf(name.replace(/#\d+$/, ''), value);
    if (!field) return fail('kiosk.badMessage', `cannot encode ${name}`);
    fields.push(field);
  }
  const size = fields.reduce((sum, { value }) => sum + 3 + (value.length < 0x80 ? 0 : 2) + value.length, 0);
  return size <= MOST_DATA_BYTES ? ok(fields) : fail('kiosk.badMessage', `${size} bytes are more than a frame holds`);
}

function tlvOf(key: string, value: unknown): Tlv | undefined {
  const field = [AMOUNT_TEXT, ...FIELDS].find((candidate) => candidate.key === key);
  const unnamed = /^tag([0-9A-F]{4})$/.exec(key)?.[1];
  const tag = field?.tag ?? (unnamed === undefined ? undefined : Number.parseInt(unnamed, 16));
  const bytes = rawOf(value) ?? (field && CODECS[field.coding].encode(value));
  return tag === undefined || !bytes ? undefined : { tag, value: bytes };
}

function unused(meaning: Readonly<Record<string, Meaning>>, key: string): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? key : `${key}#${count}`;
    if (!Object.hasOwn(meaning, name)) return name;
  }
}

interface ValueCodec {
  /** Undefined where the bytes are not what the field should hold. */
  decode(value: Uint8Array): Meaning | undefined;
  encode(value: unknown): Uint8Array | undefined;
}

const CODECS: Readonly<Record<Coding, ValueCodec>> = {
  digits: { decode: digitsOf, encode: bcd },
  cents: {
    decode: (value) => number(digitsOf(value)),
    encode: (value) => (Number.isSafeInteger(value) ? bcd(String(value as number).padStart(12, '0')) : undefined),
  },
  type: {
    decode: (value) => TYPES[digitsOf(value) ?? ''] ?? digitsOf(value),
    encode: (value) => bcd(Object.entries(TYPES).find(([, name]) => name === value)?.[0] ?? value),
  },
  date: { decode: (value) => pieces(value, [4, 2, 2], '-'), encode: bcd },
  monthDay: { decode: (value) => pieces(value, [2, 2], '-'), encode: bcd },
  time: { decode: (value) => pieces(value, [2, 2, 2], ':'), encode: bcd },
  yearMonth: {
    decode(value) {
      const text = pieces(value, [2, 2], '-');
      return text === undefined ? undefined : `20${text}`;
    },
    encode: (value) => (typeof value === 'string' ? bcd(value.slice(2)) : undefined),
  },
  text: { decode: plainText, encode: latin1 },
  moneyText: { decode: plainText, encode: latin1 },
  gbk: {
    decode: gbkText,
    encode: (value) => (typeof value === 'string' ? Uint8Array.from(iconv.encode(value, 'gbk')) : undefined),
  },
  block: {
    decode(value) {
      const fields = decodeTlv(value);
      return fields && meaningOfFields(fields);
    },
    encode: (value) => (isRecord(value) ? blockOf(value) : undefined),
  },
};

function digitsOf(value: Uint8Array): string | undefined {
  return /^[0-9]+$/.exec(hexOf(value))?.[0];
}

function number(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

function pieces(value: Uint8Array, widths: readonly number[], joint: string): string | undefined {
  const digits = digitsOf(value);
  if (digits?.length !== widths.reduce((sum, width) => sum + width, 0)) return undefined;
  let at = 0;
  return widths.map((width) => digits.slice(at, (at += width))).join(joint);
}

function plainText(value: Uint8Array): string | undefined {
  return value.every((byte) => byte >= 0x20 && byte < 0x7f) ? Buffer.from(value).toString('latin1') : undefined;
}

function latin1(value: unknown): Uint8Array | undefined {
  return typeof value === 'string' ? Uint8Array.from(Buffer.from(value, 'latin1')) : undefined;
}

function gbkText(value: Uint8Array): string | undefined {
  const text = iconv.decode(Buffer.from(value), 'gbk');
  return iconv.encode(text, 'gbk').equals(Buffer.from(value)) ? text : undefined;
}

function blockOf(value: Readonly<Record<string, unknown>>): Uint8Array | undefined {
  const fields = fieldsOf(value);
  // The data of a frame is what stands between its head and its end.
  return fields.ok ? encodeFrame(fields.value).slice(3, -2) : undefined;
}

/** Digits with or without the marks between them. */
function bcd(value: unknown): Uint8Array | undefined {
  const digits = typeof value === 'string' ? value.replaceAll(/[-:]/g, '') : '';
  return /^([0-9]{2})+$/.test(digits) ? Uint8Array.from(Buffer.from(digits, 'hex')) : undefined;
}

function rawOf(value: unknown): Uint8Array | undefined {
  const hex = isRecord(value) ? value['hex'] : undefined;
  return typeof hex === 'string' && /^([0-9A-F]{2})*$/.test(hex) ? Uint8Array.from(Buffer.from(hex, 'hex')) : undefined;
}

function centsOf(text: Meaning | undefined): number | undefined {
  const match = typeof text === 'string' ? /(\d{1,9})\.(\d{2})$/.exec(text) : null;
  return match ? Number(match[1]) * 100 + Number(match[2]) : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

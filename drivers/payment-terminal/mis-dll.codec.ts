/**
 * The strings of the "bankall" MIS DLL (device-protocols 5.2): 59 bytes of request, 148 of response, fixed width, GBK. What
 * the sheet calls LRC are three digits of ours that the answer must repeat.
 */
import iconv from 'iconv-lite';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

export const DLL_TYPES = {
  sale: '00',
  void: '01',
  refund: '02',
  balance: '03',
  reprint: '04',
  signIn: '05',
  settlement: '06',
} as const;
export type DllType = keyof typeof DLL_TYPES;

export interface DllRequest {
  readonly desk: string;
  readonly operator: string;
  readonly type: DllType;
  readonly amountCents: number;
  /** Eight digits, or empty. */
  readonly originalDate: string;
  readonly originalReference: string;
  readonly originalVoucher: string;
  /** Three digits. */
  readonly echo: string;
}

/** Fields are trimmed; empty where the terminal left them blank. */
export interface DllResponse {
  readonly resultCode: string;
  readonly bankCode: string;
  /** As it came; masked by the terminal, one hopes. */
  readonly card: string;
  readonly voucher: string;
  readonly amountCents: number | undefined;
  readonly message: string;
  readonly merchant: string;
  readonly terminal: string;
  readonly batch: string;
  /** MMDD. */
  readonly date: string;
  /** HHMMSS. */
  readonly time: string;
  readonly reference: string;
  readonly authorisation: string;
  readonly settlementDate: string;
  readonly echo: string;
}

type Coding = 'text' | 'digits' | 'cents' | 'gbk';

interface Column<Key> {
  readonly key: Key;
  readonly offset: number;
  readonly width: number;
  /** `digits`: digits, or blanks throughout. */
  readonly coding: Coding;
}

export const DLL_REQUEST_BYTES = 59;
export const DLL_RESPONSE_BYTES = 148;

const REQUEST: readonly Column<keyof DllRequest>[] = [
  { key: 'desk', offset: 0, width: 8, coding: 'text' },
  { key: 'operator', offset: 8, width: 8, coding: 'text' },
  { key: 'type', offset: 16, width: 2, coding: 'digits' },
  { key: 'amountCents', offset: 18, width: 12, coding: 'cents' },
  { key: 'originalDate', offset: 30, width: 8, coding: 'digits' },
  { key: 'originalReference', offset: 38, width: 12, coding: 'text' },
  { key: 'originalVoucher', offset: 50, width: 6, coding: 'digits' },
  { key: 'echo', offset: 56, width: 3, coding: 'digits' },
];

const RESPONSE: readonly Column<keyof DllResponse>[] = [
  { key: 'resultCode', offset: 0, width: 2, coding: 'text' },
  { key: 'bankCode', offset: 2, width: 4, coding: 'text' },
  { key: 'card', offset: 6, width: 20, coding: 'text' },
  { key: 'voucher', offset: 26, width: 6, coding: 'digits' },
  { key: 'amountCents', offset: 32, width: 12, coding: 'cents' },
  { key: 'message', offset: 44, width: 40, coding: 'gbk' },
  { key: 'merchant', offset: 84, width: 15, coding: 'text' },
  { key: 'terminal', offset: 99, width: 8, coding: 'text' },
  { key: 'batch', offset: 107, width: 6, coding: 'digits' },
  { key: 'date', offset: 113, width: 4, coding: 'digits' },
  { key: 'time', offset: 117, width: 6, coding: 'digits' },
  { key: 'reference', offset: 123, width: 12, coding: 'text' },
  { key: 'authorisation', offset: 135, width: 6, coding: 'text' },
  { key: 'settlementDate', offset: 141, width: 4, coding: 'digits' },
  { key: 'echo', offset: 145, width: 3, coding: 'digits' },
];

/** Where the card number stands in a response. */
export const DLL_CARD_COLUMN = { offset: 6, width: 20 } as const;

/** `kiosk.badMessage` names the field that does not fit its column. */
export function encodeDllRequest(request: DllRequest): Result<Uint8Array> {
  return encodeColumns(DLL_REQUEST_BYTES, REQUEST, { ...request, type: DLL_TYPES[request.type] });
}

export function encodeDllResponse(response: DllResponse): Result<Uint8Array> {
  return encodeColumns(DLL_RESPONSE_BYTES, RESPONSE, { ...response });
}

function encodeColumns(
  size: number,
  columns: readonly Column<string>[],
  values: Readonly<Record<string, string | number | undefined>>,
): Result<Uint8Array> {
  const bytes = new Uint8Array(size).fill(0x20);
  for (const { key, offset, width, coding } of columns) {
    const value = values[key];
    const text = coding === 'cents' && value !== undefined ? String(value).padStart(width, '0') : String(value ?? '');
    const raw = coding === 'gbk' ? iconv.encode(text, 'gbk') : Buffer.from(text, 'latin1');
    if (raw.length > width) return fail('kiosk.badMessage', `${key}: ${raw.length} bytes do not fit into ${width}`);
    bytes.set(raw, offset);
  }
  return ok(bytes);
}

/** `device.garbage` names the byte. */
export function decodeDllRequest(bytes: Uint8Array): Result<DllRequest> {
  const columns = decodeColumns(bytes, DLL_REQUEST_BYTES, REQUEST);
  if (!columns.ok) return columns;
  const code = columns.value['type'];
  const type = Object.entries(DLL_TYPES).find(([, candidate]) => candidate === code)?.[0] as DllType | undefined;
  if (!type) return fail('device.garbage', `byte 16: there is no transaction ${String(code)}`);
  if (columns.value['amountCents'] === undefined) return fail('device.garbage', 'byte 18: no amount');
  if (columns.value['echo'] === '') return fail('device.garbage', 'byte 56: no digits to repeat');
  return ok({ ...columns.value, type } as unknown as DllRequest);
}

export function decodeDllResponse(bytes: Uint8Array): Result<DllResponse> {
  const columns = decodeColumns(bytes, DLL_RESPONSE_BYTES, RESPONSE);
  if (!columns.ok) return columns;
  if (String(columns.value['resultCode']).length !== 2) return fail('device.garbage', 'byte 0: no result');
  return ok(columns.value as unknown as DllResponse);
}

type Values = Record<string, string | number | undefined>;

function decodeColumns(bytes: Uint8Array, size: number, columns: readonly Column<string>[]): Result<Values> {
  if (bytes.length !== size) return fail('device.garbage', `${bytes.length} bytes, should be ${size}`);
  const values: Values = {};
  for (const { key, offset, width, coding } of columns) {
    const raw = bytes.subarray(offset, offset + width);
    const text = coding === 'gbk' ? gbkText(raw) : plainText(raw, coding);
    if (text === undefined) return fail('device.garbage', `byte ${offset}: ${key} is not ${coding}`);
    values[key] = coding === 'cents' ? (text === '' ? undefined : Number(text)) : text;
  }
  return ok(values);
}

/** Left-justified ASCII without its trailing blanks; undefined when it is anything else. */
function plainText(raw: Uint8Array, coding: Coding): string | undefined {
  if (!raw.every((byte) => byte >= 0x20 && byte < 0x7f)) return undefined;
  const text = Buffer.from(raw).toString('latin1').trimEnd();
  if (coding === 'text') return text;
  return text === '' || (/^[0-9]+$/.test(text) && text.length === raw.length) ? text : undefined;
}

/** A character cut in half by the end of its column, or anything that does not come back, is no text. */
function gbkText(raw: Uint8Array): string | undefined {
  const text = iconv.decode(Buffer.from(raw), 'gbk');
  return iconv.encode(text, 'gbk').equals(Buffer.from(raw)) ? text.trimEnd() : undefined;
}

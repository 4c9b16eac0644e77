/** Requests and responses of the MIS protocol as meaning (device-protocols 5.1). Card numbers leave this file masked. */
import { encodeFrame, decodeTlv, type Tlv } from './mis-tlv.codec.ts';

export interface MisRequest {
  readonly tradeCode: string;
  readonly echo: string;
  readonly amountCents: number;
  readonly desk: string;
  readonly operator: string;
  readonly voucher?: string;
}

export interface MisResponse {
  readonly tradeCode: string | undefined;
  readonly echo: string;
  /** DF07, vendor private except that of success. */
  readonly resultCode: string;
  readonly amountCents: number | undefined;
  readonly voucher: string | undefined;
  readonly reference: string | undefined;
  readonly cardMasked: string | undefined;
  /** The terminal sent the whole card number: a fault to report, the number itself is gone. */
  readonly cameUnmasked: boolean;
}

const TAG = {
  type: 0xdf01,
  trade: 0xdf02,
  amount: 0xdf03,
  echo: 0xdf04,
  details: 0xdf06,
  result: 0xdf07,
  currency: 0xdf08,
  service: 0xdf09,
  mode: 0xdf0d,
  voucher: 0xdf18,
  reference: 0xdf1a,
  card: 0xdf1e,
  desk: 0xdf46,
  operator: 0xdf47,
} as const;
const REQUEST_TYPE = '00';
const RESPONSE_TYPE = '02';
/** DF08, DF09, DF0D of the worked request; the sheet does not say what they mean. */
const CURRENCY = '5555';
const SERVICE = '3004';
const MODE = '1';
const AMOUNT_DIGITS = 12;

export function encodeRequest(request: MisRequest): Uint8Array {
  const fields: Tlv[] = [
    bcdField(TAG.type, REQUEST_TYPE),
    bcdField(TAG.echo, request.echo),
    bcdField(TAG.trade, request.tradeCode),
    bcdField(TAG.currency, CURRENCY),
    bcdField(TAG.amount, String(request.amountCents).padStart(AMOUNT_DIGITS, '0')),
    bcdField(TAG.service, SERVICE),
    textField(TAG.mode, MODE),
    textField(TAG.desk, request.desk),
    textField(TAG.operator, request.operator),
  ];
  if (request.voucher !== undefined) fields.push(bcdField(TAG.voucher, request.voucher));
  return encodeFrame(fields);
}

/** `undefined` when it is not a response, or lacks what makes it one. */
export function readResponse(fields: readonly Tlv[]): MisResponse | undefined {
  const details = find(fields, TAG.details);
  const nested = details ? (decodeTlv(details) ?? []) : [];
  const type = hexOf(find(fields, TAG.type));
  const echo = digitsOf(find(fields, TAG.echo), 4);
  const resultCode = textOf(find(fields, TAG.result));
  if (type !== RESPONSE_TYPE || echo === undefined || !resultCode) return undefined;
  const card = textOf(find(nested, TAG.card) ?? find(fields, TAG.card));
  return {
    tradeCode: digitsOf(find(fields, TAG.trade), 2),
    echo,
    resultCode: resultCode.slice(0, 8),
    amountCents: amountOf(find(nested, TAG.amount), find(fields, TAG.amount)),
    voucher: digitsOf(find(nested, TAG.voucher) ?? find(fields, TAG.voucher), 6),
    reference: textOf(find(nested, TAG.reference) ?? find(fields, TAG.reference))?.slice(0, 20),
    ...maskCard(card),
  };
}

/** Shown are at most the first six and the last four digits, whatever the terminal sent. */
export function maskCard(card: string | undefined): Pick<MisResponse, 'cardMasked' | 'cameUnmasked'> {
  const plain = card?.replaceAll(' ', '') ?? '';
  if (/^[0-9]{0,6}\*+[0-9]{0,4}$/.test(plain)) return { cardMasked: plain.slice(0, 24), cameUnmasked: false };
  const digits = plain.replaceAll(/[^0-9]/g, '');
  if (digits.length < 13) return { cardMasked: undefined, cameUnmasked: false };
  return { cardMasked: `${digits.slice(0, 6)}******${digits.slice(-4)}`, cameUnmasked: true };
}

/** Nested as text (`RMB  2.00`), at top level as six BCD bytes like the request. */
function amountOf(text: Uint8Array | undefined, bcd: Uint8Array | undefined): number | undefined {
  const match = /(\d{1,9})\.(\d{2})$/.exec(textOf(text) ?? '');
  if (match) return Number(match[1]) * 100 + Number(match[2]);
  const digits = digitsOf(bcd, AMOUNT_DIGITS);
  return digits === undefined ? undefined : Number(digits);
}

function find(fields: readonly Tlv[], tag: number): Uint8Array | undefined {
  return fields.find((field) => field.tag === tag)?.value;
}

function bcdField(tag: number, digits: string): Tlv {
  return { tag, value: Uint8Array.from(Buffer.from(digits, 'hex')) };
}

function textField(tag: number, text: string): Tlv {
  return { tag, value: Uint8Array.from(Buffer.from(text, 'latin1')) };
}

function hexOf(value: Uint8Array | undefined): string | undefined {
  return value && Buffer.from(value).toString('hex');
}

function digitsOf(value: Uint8Array | undefined, count: number): string | undefined {
  const hex = hexOf(value);
  return hex !== undefined && hex.length === count && /^[0-9]+$/.test(hex) ? hex : undefined;
}

/** Printable ASCII only: what stands here may be shown or logged. */
function textOf(value: Uint8Array | undefined): string | undefined {
  if (!value) return undefined;
  const text = Buffer.from(value).toString('latin1').trim();
  return /^[ -~]+$/.test(text) ? text : undefined;
}

/**
 * Bytes of a card field to text. Fields are padded in every way there is: 00, FF and spaces behind text, F nibbles behind
 * digits (device-protocols 2.2, 2.8). Bytes that are not what the profile says give nothing, never a guess.
 */
import type { FieldEncoding } from '../../contract/card-profile.schema.ts';

const PADDING = new Set([0x00, 0x20, 0xff]);

const DECODERS: Readonly<Record<FieldEncoding, (bytes: Uint8Array) => string | undefined>> = { ascii, gbk, bcd, hex };

/** Undefined for a slot that is empty (all 00, all FF) and for bytes outside the encoding. */
export function decodeField(bytes: Uint8Array, encoding: FieldEncoding): string | undefined {
  if (isFilledWith(bytes, 0x00) || isFilledWith(bytes, 0xff)) return undefined;
  return DECODERS[encoding](bytes) || undefined;
}

/** `20401231` to `2040-12-31`; undefined for a day that no calendar has. */
export function isoDate(digits: string): string | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(digits);
  if (!parts) return undefined;
  const iso = `${parts[1]}-${parts[2]}-${parts[3]}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso ? undefined : iso;
}

function ascii(bytes: Uint8Array): string | undefined {
  const text = String.fromCharCode(...withoutPadding(bytes)).trim();
  return /^[\x20-\x7e]*$/.test(text) ? text : undefined;
}

/** Chinese text; a last character that the end of the field cut in half is dropped. */
function gbk(bytes: Uint8Array): string | undefined {
  const kept = withoutPadding(bytes);
  const text = gb18030(kept) ?? gb18030(kept.slice(0, -1));
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text === undefined || /[\u0000-\u001f\u007f]/.test(text) ? undefined : text.trim();
}

function gb18030(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  } catch {
    return undefined; // not Chinese text: `fatal` says so by throwing
  }
}

function bcd(bytes: Uint8Array): string | undefined {
  const digits = hex(bytes)?.replace(/F+$/, '');
  return digits !== undefined && /^\d*$/.test(digits) ? digits : undefined;
}

function hex(bytes: Uint8Array): string | undefined {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

/** No trail byte of GBK or GB18030 is 00, 20 or FF, so that this never cuts into a character. */
export function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && PADDING.has(bytes[end - 1] ?? 0)) end -= 1;
  return bytes.slice(0, end);
}

function isFilledWith(bytes: Uint8Array, filler: number): boolean {
  return bytes.every((byte) => byte === filler);
}

/**
 * Fixed layouts of card data as tables of fields, read and written by the same row (device-protocols 2.2, 2.4 to 2.6). A
 * field whose bytes are not what the table says is given as `{ hex }`: shown, never guessed, and written back unchanged.
 */
import iconv from 'iconv-lite';
import type { Meaning } from '../wire-key.ts';
import { isoDate } from './card-field.codec.ts';

/** `balance`: fen with a sign bit on top that is masked. `date` and `time`: BCD. Numbers are big-endian. */
export type FieldKind = 'hex' | 'number' | 'balance' | 'date' | 'time' | 'bcd' | 'ascii' | 'gbk' | 'sex';

export interface LayoutField {
  readonly name: string;
  readonly bytes: number;
  readonly as: FieldKind;
}

export type Layout = readonly LayoutField[];
export type Fields = Readonly<Record<string, Meaning | undefined>>;

interface Kind {
  /** Undefined for bytes that no value of this kind has. */
  read(bytes: Uint8Array): Meaning | undefined;
  /** Undefined for a value that does not fit. */
  write(value: Meaning, length: number): Uint8Array | undefined;
}

const PADDINGS = [0x00, 0xff, 0x20] as const;
const SIGN_BIT = 0x8000_0000;

const KINDS: Readonly<Record<FieldKind, Kind>> = {
  hex: {
    read: hexOf,
    write: (value, length) => ofLength(typeof value === 'string' ? bytesOf(value) : undefined, length),
  },
  number: {
    read: numberOf,
    write: (value, length) => (typeof value === 'number' ? numberBytes(value, length) : undefined),
  },
  balance: { read: readBalance, write: writeBalance },
  date: {
    read: (bytes) => isoDate(hexOf(bytes)),
    write: (value, length) => ofLength(digitBytes(value, /^(\d{4})-(\d{2})-(\d{2})$/), length),
  },
  time: {
    read: (bytes) =>
      /^(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(hexOf(bytes))
        ? hexOf(bytes).replace(/(..)(..)(..)/, '$1:$2:$3')
        : undefined,
    write: (value, length) => ofLength(digitBytes(value, /^(\d{2}):(\d{2}):(\d{2})$/), length),
  },
  bcd: {
    read: (bytes) => /^(\d+)F*$/.exec(hexOf(bytes))?.[1],
    write: (value, length) =>
      typeof value === 'string' && /^\d+$/.test(value)
        ? ofLength(bytesOf(value.padEnd(2 * length, 'F')), length)
        : undefined,
  },
  /** ASCII 1 and 2. */
  sex: {
    read: (bytes) => ({ 0x31: 'male', 0x32: 'female' })[bytes[0] ?? 0],
    write: (value) => (value === 'male' ? Uint8Array.of(0x31) : value === 'female' ? Uint8Array.of(0x32) : undefined),
  },
  ascii: textKind('ascii'),
  gbk: textKind('gbk'),
};

export function layoutBytes(layout: Layout): number {
  return layout.reduce((total, { bytes }) => total + bytes, 0);
}

/** Undefined when the bytes are not as many as the layout has. */
export function readLayout(layout: Layout, bytes: Uint8Array): Fields | undefined {
  if (bytes.length !== layoutBytes(layout)) return undefined;
  const fields: Record<string, Meaning> = {};
  let at = 0;
  for (const field of layout) {
    fields[field.name] = readField(field.as, bytes.subarray(at, at + field.bytes));
    at += field.bytes;
  }
  return fields;
}

/** Undefined when a field is missing or does not fit. */
export function writeLayout(layout: Layout, fields: Fields): Uint8Array | undefined {
  const parts: number[] = [];
  for (const { name, bytes, as } of layout) {
    const value = fields[name];
    const part = value === undefined ? undefined : writeField(as, value, bytes);
    if (!part) return undefined;
    parts.push(...part);
  }
  return Uint8Array.from(parts);
}

export function readField(as: FieldKind, bytes: Uint8Array): Meaning {
  const value = KINDS[as].read(bytes);
  if (value === undefined) return { hex: hexOf(bytes) };
  const back = KINDS[as].write(value, bytes.length);
  return back && hexOf(back) === hexOf(bytes) ? value : { hex: hexOf(bytes) };
}

export function writeField(as: FieldKind, value: Meaning, length: number): Uint8Array | undefined {
  const hex = fieldsOf(value)?.['hex'];
  if (typeof hex === 'string') return ofLength(bytesOf(hex), length);
  return KINDS[as].write(value, length);
}

/** Whether every field is what the table says; says which of two layouts of one length it is. */
export function isPlausible(fields: Fields): boolean {
  return Object.values(fields).every((value) => typeof fieldsOf(value)?.['hex'] !== 'string');
}

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

/** Undefined for anything that is not whole bytes of hex. */
export function bytesOf(hex: string): Uint8Array | undefined {
  return /^(?:[0-9A-Fa-f]{2})*$/.test(hex) ? Uint8Array.from(Buffer.from(hex, 'hex')) : undefined;
}

/** Big-endian, at most six bytes. */
export function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

export function numberBytes(value: number, length: number): Uint8Array | undefined {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** length) return undefined;
  return Uint8Array.from({ length }, (_, at) => Math.floor(value / 256 ** (length - 1 - at)) % 256);
}

function readBalance(bytes: Uint8Array): Meaning {
  const raw = numberOf(bytes);
  return raw >= SIGN_BIT ? { cents: raw - SIGN_BIT, signBit: true } : raw;
}

function writeBalance(value: Meaning, length: number): Uint8Array | undefined {
  if (typeof value === 'number') return numberBytes(value, length);
  const cents = fieldsOf(value)?.['cents'];
  return typeof cents === 'number' ? numberBytes(cents + SIGN_BIT, length) : undefined;
}

/** Text behind which one kind of padding stands: 00 without a word, FF and spaces by name, so that it can be written back. */
function textKind(encoding: 'ascii' | 'gbk'): Kind {
  return {
    read(bytes) {
      const filler = bytes.at(-1);
      const padding = PADDINGS.find((candidate) => candidate === filler);
      let end = bytes.length;
      while (padding !== undefined && end > 0 && bytes[end - 1] === padding) end -= 1;
      const text = iconv.decode(Buffer.from(bytes.subarray(0, end)), encoding);
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      if (/[\u0000-\u001f\u007f\ufffd]/.test(text)) return undefined;
      return padding === undefined || padding === 0 ? text : { text, paddedWith: padding.toString(16).toUpperCase() };
    },
    write(value, length) {
      const padded = fieldsOf(value);
      const text = typeof value === 'string' ? value : padded?.['text'];
      const filler = padded?.['paddedWith'] ?? '00';
      if (typeof text !== 'string' || typeof filler !== 'string') return undefined;
      const bytes = iconv.encode(text, encoding);
      if (bytes.length > length) return undefined;
      return Uint8Array.of(...bytes, ...new Uint8Array(length - bytes.length).fill(Number.parseInt(filler, 16)));
    },
  };
}

function digitBytes(value: Meaning, pattern: RegExp): Uint8Array | undefined {
  const parts = typeof value === 'string' ? pattern.exec(value) : null;
  return parts ? bytesOf(parts.slice(1).join('')) : undefined;
}

function ofLength(bytes: Uint8Array | undefined, length: number): Uint8Array | undefined {
  return bytes?.length === length ? bytes : undefined;
}

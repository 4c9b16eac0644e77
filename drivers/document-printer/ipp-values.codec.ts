/** The values of IPP attributes (RFC 8010 3.5.2 and 3.9): tag and bytes to plain JSON and back. */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

export type IppScalar =
  | number
  | boolean
  | string
  | null
  | { readonly language: string; readonly text: string }
  | { readonly lower: number; readonly upper: number }
  | { readonly x: number; readonly y: number; readonly units: number };

export interface IppValue {
  readonly syntax: string;
  /** Null for out-of-band values, which say only that there is none; members for a collection. */
  readonly value: IppScalar | readonly IppAttribute[];
}

export interface IppAttribute {
  readonly name: string;
  readonly values: readonly IppValue[];
}

type Kind = 'none' | 'integer' | 'boolean' | 'text' | 'hex' | 'dateTime' | 'resolution' | 'range' | 'withLanguage';

/** RFC 8010 3.5.2; admin-define and the others of the out-of-band row are of the IANA registry. */
const SYNTAXES: Readonly<Record<number, readonly [name: string, kind: Kind]>> = {
  0x10: ['unsupported', 'none'],
  0x12: ['unknown', 'none'],
  0x13: ['no-value', 'none'],
  0x15: ['not-settable', 'none'],
  0x16: ['delete-attribute', 'none'],
  0x17: ['admin-define', 'none'],
  0x21: ['integer', 'integer'],
  0x22: ['boolean', 'boolean'],
  0x23: ['enum', 'integer'],
  0x30: ['octetString', 'hex'],
  0x31: ['dateTime', 'dateTime'],
  0x32: ['resolution', 'resolution'],
  0x33: ['rangeOfInteger', 'range'],
  0x35: ['textWithLanguage', 'withLanguage'],
  0x36: ['nameWithLanguage', 'withLanguage'],
  0x41: ['textWithoutLanguage', 'text'],
  0x42: ['nameWithoutLanguage', 'text'],
  0x44: ['keyword', 'text'],
  0x45: ['uri', 'text'],
  0x46: ['uriScheme', 'text'],
  0x47: ['charset', 'text'],
  0x48: ['naturalLanguage', 'text'],
  0x49: ['mimeMediaType', 'text'],
};
const TAGS: ReadonlyMap<string, number> = new Map(
  Object.entries(SYNTAXES).map(([tag, [name]]) => [name, Number(tag)] as const),
);
/** A tag nobody knows yet is kept as it came (RFC 8010 3.5.2: a receiver ignores the attribute, not the message). */
const UNKNOWN_TAG = /^tag-(?<hex>[0-9a-f]{2})$/;

const FIXED_BYTES: Partial<Readonly<Record<Kind, number>>> = {
  none: 0,
  integer: 4,
  boolean: 1,
  dateTime: 11,
  resolution: 9,
  range: 8,
};

export function decodeValue(tag: number, bytes: Uint8Array): Result<IppValue> {
  const [syntax, kind] = SYNTAXES[tag] ?? [`tag-${tag.toString(16).padStart(2, '0')}`, 'hex' as const];
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const wanted = FIXED_BYTES[kind];
  if (wanted !== undefined && view.length !== wanted) {
    return fail('device.garbage', `${syntax} of ${view.length} bytes instead of ${wanted}`);
  }
  const value = READERS[kind](view);
  return value === undefined ? fail('device.garbage', `no ${syntax}`) : ok({ syntax, value });
}

export function encodeValue({ syntax, value }: IppValue): Result<{ readonly tag: number; readonly bytes: Uint8Array }> {
  const hex = UNKNOWN_TAG.exec(syntax)?.groups?.['hex'];
  const tag = hex === undefined ? TAGS.get(syntax) : Number.parseInt(hex, 16);
  const kind = tag === undefined ? undefined : (SYNTAXES[tag]?.[1] ?? 'hex');
  if (tag === undefined || kind === undefined) return fail('device.garbage', `no syntax ${syntax}`);
  const bytes = WRITERS[kind](value);
  return bytes ? ok({ tag, bytes }) : fail('device.garbage', `no value of ${syntax}`);
}

const READERS: Readonly<Record<Kind, (bytes: Buffer) => IppScalar | undefined>> = {
  none: () => null,
  integer: (bytes) => bytes.readInt32BE(),
  boolean: (bytes) => (bytes[0] === 0 || bytes[0] === 1 ? bytes[0] === 1 : undefined),
  text: (bytes) => utf8(bytes),
  hex: (bytes) => bytes.toString('hex').toUpperCase(),
  dateTime: readDateTime,
  resolution: (bytes) => ({ x: bytes.readInt32BE(), y: bytes.readInt32BE(4), units: bytes.readInt8(8) }),
  range: (bytes) => ({ lower: bytes.readInt32BE(), upper: bytes.readInt32BE(4) }),
  withLanguage: readWithLanguage,
};

type Write = (value: IppValue['value']) => Uint8Array | undefined;

const WRITERS: Readonly<Record<Kind, Write>> = {
  none: (value) => (value === null ? new Uint8Array() : undefined),
  integer: (value) => (isInt32(value) ? int32(value) : undefined),
  boolean: (value) => (typeof value === 'boolean' ? Uint8Array.of(value ? 1 : 0) : undefined),
  text: (value) => (typeof value === 'string' ? Buffer.from(value) : undefined),
  hex: (value) => (typeof value === 'string' ? Buffer.from(value, 'hex') : undefined),
  dateTime: (value) => (typeof value === 'string' ? writeDateTime(value) : undefined),
  resolution: (value) =>
    isObject(value) && 'units' in value
      ? Buffer.concat([int32(value.x), int32(value.y), Uint8Array.of(value.units & 0xff)])
      : undefined,
  range: (value) =>
    isObject(value) && 'lower' in value ? Buffer.concat([int32(value.lower), int32(value.upper)]) : undefined,
  withLanguage: (value) =>
    isObject(value) && 'language' in value
      ? Buffer.concat(
          [value.language, value.text].flatMap((part) => [int16(Buffer.byteLength(part)), Buffer.from(part)]),
        )
      : undefined,
};

function isObject(value: IppValue['value']): value is Extract<IppValue['value'], object> {
  return typeof value === 'object' && value !== null;
}

/** RFC 2579 DateAndTime, as ISO 8601 with tenths: `2026-01-05T08:00:00.0+08:00`. */
function readDateTime(bytes: Buffer): string | undefined {
  const sign = String.fromCharCode(bytes[8] ?? 0);
  if (sign !== '+' && sign !== '-') return undefined;
  const [month, day, hour, minute, second, tenth, , zoneHour, zoneMinute] = [...bytes.subarray(2)].map(two);
  const date = `${String(bytes.readUInt16BE()).padStart(4, '0')}-${month}-${day}`;
  return `${date}T${hour}:${minute}:${second}.${Number(tenth)}${sign}${zoneHour}:${zoneMinute}`;
}

function writeDateTime(text: string): Uint8Array | undefined {
  const match = /^(\d{4,5})-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d+)([+-])(\d+):(\d+)$/.exec(text);
  if (!match) return undefined;
  const [year = 0, ...fields] = match.slice(1, 8).map(Number);
  return Uint8Array.of(
    year >> 8,
    year & 0xff,
    ...fields,
    text.includes('+') ? 0x2b : 0x2d,
    Number(match[9]),
    Number(match[10]),
  );
}

function readWithLanguage(bytes: Buffer): IppScalar | undefined {
  if (bytes.length < 4) return undefined;
  const languageBytes = bytes.readUInt16BE();
  if (bytes.length < 4 + languageBytes) return undefined;
  const textBytes = bytes.readUInt16BE(2 + languageBytes);
  if (bytes.length !== 4 + languageBytes + textBytes) return undefined;
  const language = utf8(bytes.subarray(2, 2 + languageBytes));
  const text = utf8(bytes.subarray(4 + languageBytes));
  return language === undefined || text === undefined ? undefined : { language, text };
}

export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function int16(value: number): Uint8Array {
  return Uint8Array.of((value >> 8) & 0xff, value & 0xff);
}

export function int32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}

function isInt32(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

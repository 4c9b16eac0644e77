/**
 * Messages of ISO 8583 in the UnionPay envelope (device-protocols 5.4): length 2 BE, TPDU 5, header 6, MTI 2, bitmap 8,
 * fields. Pure; a message that is not understood to its last byte is refused.
 */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { isoField, type IsoField } from './iso8583-fields.ts';

export interface IsoMessage {
  /** Ten hex digits: 60, destination, source. */
  readonly tpdu: string;
  /** Twelve hex digits. */
  readonly header: string;
  /** Four digits. */
  readonly mti: string;
  /** By field number. Digits and text as they read, binary as capital hex. */
  readonly fields: ReadonlyMap<number, string>;
}

const LENGTH_BYTES = 2;
const TPDU_BYTES = 5;
const HEADER_BYTES = 6;
const MTI_AT = LENGTH_BYTES + TPDU_BYTES + HEADER_BYTES;
const BITMAP_AT = MTI_AT + 2;
const FIELDS_AT = BITMAP_AT + 8;
const TPDU_ID = 0x60;
const LEAST_BYTES = FIELDS_AT - LENGTH_BYTES;
/** The biggest message we take; a longer length is a false start. */
const MOST_BYTES = 1_400;
export const MAC_FIELD = 64;
const MAC_BYTES = 8;

/** Bytes of the message that begins here, its length included; undefined while that is not known. */
export function isoLengthOf(bytes: Uint8Array): Result<number> | undefined {
  const [high, low, id] = bytes;
  if (high === undefined || low === undefined) return undefined;
  const length = (high << 8) | low;
  if (length < LEAST_BYTES || length > MOST_BYTES) return fail('device.garbage', `byte 0: a length of ${length}`);
  if (id !== undefined && id !== TPDU_ID)
    return fail('device.garbage', `byte 2: a TPDU begins with 60, not ${hex([id])}`);
  return id === undefined ? undefined : ok(length + LENGTH_BYTES);
}

/** One whole message. `device.garbage` names the byte. */
export function decodeIso(bytes: Uint8Array): Result<IsoMessage> {
  const length = isoLengthOf(bytes);
  if (!length) return fail('device.garbage', `byte ${bytes.length}: cut off before the TPDU`);
  if (!length.ok) return length;
  if (bytes.length !== length.value) {
    return fail('device.garbage', `byte ${bytes.length}: ${bytes.length} bytes, the length says ${length.value}`);
  }
  const mti = hex(bytes.subarray(MTI_AT, BITMAP_AT));
  if (!/^0[1-8][0-9]{2}$/.test(mti)) return fail('device.garbage', `byte ${MTI_AT}: no message type ${mti}`);
  const fields = decodeFields(bytes);
  if (!fields.ok) return fields;
  return ok({
    tpdu: hex(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + TPDU_BYTES)),
    header: hex(bytes.subarray(LENGTH_BYTES + TPDU_BYTES, MTI_AT)),
    mti,
    fields: fields.value,
  });
}

function decodeFields(bytes: Uint8Array): Result<Map<number, string>> {
  const fields = new Map<number, string>();
  let at = FIELDS_AT;
  for (const number of fieldNumbers(bytes.subarray(BITMAP_AT, FIELDS_AT))) {
    const field = isoField(number);
    if (!field)
      return fail('device.garbage', `byte ${BITMAP_AT + ((number - 1) >> 3)}: field ${number} has no format here`);
    const read = readField(bytes, at, field);
    if (!read.ok) return read;
    fields.set(number, read.value.value);
    at = read.value.next;
  }
  if (at < bytes.length) return fail('device.garbage', `byte ${at}: ${bytes.length - at} bytes after the last field`);
  return ok(fields);
}

/** Set bits from the left, counted from 1. */
function fieldNumbers(bitmap: Uint8Array): number[] {
  return [...bitmap].flatMap((byte, index) =>
    Array.from({ length: 8 }, (_, bit) => ((byte >> (7 - bit)) & 1 ? index * 8 + bit + 1 : 0)).filter((n) => n > 0),
  );
}

function readField(bytes: Uint8Array, at: number, field: IsoField): Result<{ value: string; next: number }> {
  const garbage = (reason: string) => fail('device.garbage', `byte ${at}: field ${field.number} ${reason}`);
  const { length } = field;
  const prefixBytes = 'fixed' in length ? 0 : length.prefixBytes;
  const prefix = hex(bytes.subarray(at, at + prefixBytes));
  if (prefix.length < prefixBytes * 2) return garbage('is cut off');
  if (prefix !== '' && !/^[0-9]+$/.test(prefix)) return garbage(`has a length of ${prefix}`);
  const count = 'fixed' in length ? length.fixed : Number(prefix);
  if (!('fixed' in length) && count > length.most) return garbage(`has a length of ${count}, at most ${length.most}`);
  const start = at + prefixBytes;
  const raw = bytes.subarray(start, start + bytesFor(field, count));
  if (raw.length < bytesFor(field, count)) return garbage('is cut off');
  const value = valueOf(field, raw, count);
  return value === undefined ? garbage(`is not ${field.coding}`) : ok({ value, next: start + raw.length });
}

function bytesFor({ coding }: IsoField, count: number): number {
  return coding === 'bcd' || coding === 'track' ? Math.ceil(count / 2) : count;
}

function valueOf({ coding }: IsoField, raw: Uint8Array, count: number): string | undefined {
  const digits = hex(raw);
  switch (coding) {
    case 'binary':
      return digits;
    case 'raw':
      return /^[0-9]*$/.test(digits) ? digits : undefined;
    case 'ascii':
      return raw.every((byte) => byte >= 0x20 && byte < 0x7f) ? Buffer.from(raw).toString('latin1') : undefined;
    case 'bcd':
      return /^[0-9]*$/.test(digits) && /^0*$/.test(digits.slice(count)) ? digits.slice(0, count) : undefined;
    case 'track':
      return /^[0-9D]*$/.test(digits) && /^0*$/.test(digits.slice(count)) ? digits.slice(0, count) : undefined;
  }
}

/** `kiosk.badMessage` names the field that cannot be written. */
export function encodeIso(message: IsoMessage): Result<Uint8Array> {
  const { tpdu, header, mti, fields } = message;
  if (!/^60[0-9A-F]{8}$/.test(tpdu) || !/^[0-9A-F]{12}$/.test(header) || !/^0[1-8][0-9]{2}$/.test(mti)) {
    return fail('kiosk.badMessage', 'TPDU, header or message type cannot be written');
  }
  const bitmap = new Uint8Array(8);
  const parts: Uint8Array[] = [];
  for (const [number, value] of [...fields].toSorted(([a], [b]) => a - b)) {
    const field = isoField(number);
    const part = field && writeField(field, value);
    if (!part) return fail('kiosk.badMessage', `field ${number} cannot be written`);
    bitmap[(number - 1) >> 3] = (bitmap[(number - 1) >> 3] ?? 0) | (0x80 >> ((number - 1) & 7));
    parts.push(part);
  }
  const body = Uint8Array.from(Buffer.concat([Buffer.from(tpdu + header + mti, 'hex'), bitmap, ...parts]));
  if (body.length > MOST_BYTES) return fail('kiosk.badMessage', `${body.length} bytes are too many`);
  return ok(Uint8Array.of(body.length >> 8, body.length & 0xff, ...body));
}

function writeField(field: IsoField, value: string): Uint8Array | undefined {
  const raw = rawOf(field, value);
  if (!raw) return undefined;
  const { length, coding } = field;
  const count = coding === 'bcd' || coding === 'track' ? value.length : raw.length;
  if ('fixed' in length) return count === length.fixed ? raw : undefined;
  if (count > length.most) return undefined;
  const prefix = Buffer.from(String(count).padStart(length.prefixBytes * 2, '0'), 'hex');
  return Uint8Array.from(Buffer.concat([prefix, raw]));
}

function rawOf({ coding }: IsoField, value: string): Uint8Array | undefined {
  const even = value.length % 2 === 0 ? value : `${value}0`;
  switch (coding) {
    case 'ascii':
      return /^[ -~]*$/.test(value) ? Uint8Array.from(Buffer.from(value, 'latin1')) : undefined;
    case 'binary':
      return /^([0-9A-F]{2})*$/.test(value) ? Uint8Array.from(Buffer.from(value, 'hex')) : undefined;
    case 'raw':
      return /^([0-9]{2})*$/.test(value) ? Uint8Array.from(Buffer.from(value, 'hex')) : undefined;
    case 'bcd':
      return /^[0-9]*$/.test(value) ? Uint8Array.from(Buffer.from(even, 'hex')) : undefined;
    case 'track':
      return /^[0-9D]*$/.test(value) ? Uint8Array.from(Buffer.from(even, 'hex')) : undefined;
  }
}

/** What the MAC of a whole message is taken over: message type to the field before it. Undefined when it has no MAC. */
export function macInputOf(bytes: Uint8Array): Uint8Array | undefined {
  const hasMac = ((bytes[FIELDS_AT - 1] ?? 0) & 1) === 1 && bytes.length >= FIELDS_AT + MAC_BYTES;
  return hasMac ? bytes.slice(MTI_AT, -MAC_BYTES) : undefined;
}

export class IsoDecoder {
  #rest: Uint8Array = new Uint8Array();

  get pendingBytes(): number {
    return this.#rest.length;
  }

  /** Whole messages, and the bytes of those that were no message after all are passed over one by one. */
  push(chunk: Uint8Array): IsoMessage[] {
    let bytes = Uint8Array.from([...this.#rest, ...chunk]);
    const messages: IsoMessage[] = [];
    for (;;) {
      const length = isoLengthOf(bytes);
      if (!length || (length.ok && bytes.length < length.value)) break;
      const message = length.ok ? decodeIso(bytes.slice(0, length.value)) : length;
      if (message.ok) messages.push(message.value);
      bytes = bytes.subarray(message.ok && length.ok ? length.value : 1);
    }
    this.#rest = bytes;
    return messages;
  }
}

function hex(bytes: Iterable<number>): string {
  return Buffer.from([...bytes])
    .toString('hex')
    .toUpperCase();
}

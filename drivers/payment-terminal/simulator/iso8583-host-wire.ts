/** The acquirer's own reading and writing of messages (device-protocols 5.4, 5.6); fields by number, as they read. */
import { createCipheriv } from 'node:crypto';

export interface HostMessage {
  readonly mti: string;
  readonly fields: Readonly<Record<number, string>>;
  readonly isMacRight: boolean | undefined;
}

/** n: digits in BCD; a: text; b: bytes. A width of 0 is LLVAR, of -1 LLLVAR. */
const FORMATS: Readonly<Record<number, readonly ['n' | 'a' | 'b' | 'z', number]>> = {
  2: ['n', 0],
  3: ['n', 6],
  4: ['n', 12],
  11: ['n', 6],
  12: ['n', 6],
  13: ['n', 4],
  14: ['n', 4],
  15: ['n', 4],
  22: ['n', 3],
  23: ['n', 4],
  25: ['n', 2],
  26: ['n', 2],
  32: ['n', 0],
  35: ['z', 0],
  37: ['a', 12],
  38: ['a', 6],
  39: ['a', 2],
  41: ['a', 8],
  42: ['a', 15],
  44: ['a', 0],
  48: ['n', -1],
  49: ['a', 3],
  52: ['b', 8],
  53: ['n', 16],
  55: ['b', -1],
  60: ['n', -1],
  61: ['n', -1],
  62: ['b', -1],
  63: ['a', -1],
  64: ['a', 8],
};
const HEAD_BYTES = 13;

/** Undefined when it is no message this host understands. */
export function readMessage(frame: Uint8Array, key: Uint8Array): HostMessage | undefined {
  const body = frame.subarray(HEAD_BYTES);
  const bits = [...body.subarray(2, 10)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const fields: Record<number, string> = {};
  let at = 10;
  for (let number = 1; number <= 64; number += 1) {
    if (bits[number - 1] !== '1') continue;
    const field = readField(body, at, number);
    if (!field) return undefined;
    fields[number] = field.value;
    at = field.next;
  }
  const isMacRight = fields[64] === undefined ? undefined : fields[64] === mac(body.subarray(0, -8), key);
  return at === body.length ? { mti: hex(body.subarray(0, 2)), fields, isMacRight } : undefined;
}

function readField(body: Uint8Array, at: number, number: number): { value: string; next: number } | undefined {
  const format = FORMATS[number];
  if (!format) return undefined;
  const [kind, width] = format;
  const prefix = width > 0 ? 0 : 1 - width;
  const count = prefix === 0 ? width : Number(hex(body.subarray(at, at + prefix)));
  const bytes = kind === 'n' || kind === 'z' ? Math.ceil(count / 2) : count;
  const raw = body.subarray(at + prefix, at + prefix + bytes);
  if (!Number.isInteger(bytes) || raw.length < bytes) return undefined;
  const digits = kind === 'b' ? hex(raw) : hex(raw).slice(0, count);
  return { value: kind === 'a' ? Buffer.from(raw).toString('latin1') : digits, next: at + prefix + bytes };
}

/** `head`: TPDU and header of the request, which the answer repeats. Sealed when `key` is given. */
export function writeMessage(
  head: Uint8Array,
  mti: string,
  fields: Readonly<Record<number, string>>,
  key: Uint8Array | undefined,
): Uint8Array {
  const numbers = Object.keys(fields).map(Number);
  const bits = Array.from({ length: 64 }, (_, index) => {
    const isMac = index === 63 && key !== undefined;
    return numbers.includes(index + 1) || isMac ? '1' : '0';
  }).join('');
  const bitmap = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  const body = Buffer.concat([
    Buffer.from(mti, 'hex'),
    Buffer.from(bitmap),
    ...numbers.map((number) => writeField(number, fields[number] ?? '')),
  ]);
  const seal = key ? Buffer.from(mac(body, key), 'latin1') : Buffer.alloc(0);
  const length = head.length + body.length + seal.length;
  return Uint8Array.from(Buffer.concat([Buffer.from([length >> 8, length & 0xff]), head, body, seal]));
}

function writeField(number: number, value: string): Buffer {
  const [kind, width] = FORMATS[number] ?? ['a', 0];
  const isDigits = kind === 'n' || kind === 'z';
  const raw =
    kind === 'a' ? Buffer.from(value, 'latin1') : Buffer.from(value.length % 2 === 0 ? value : `${value}0`, 'hex');
  const count = isDigits ? value.length : raw.length;
  const prefix = width > 0 ? '' : String(count).padStart(width === 0 ? 2 : 4, '0');
  return Buffer.concat([Buffer.from(prefix, 'hex'), raw]);
}

function mac(input: Uint8Array, key: Uint8Array): string {
  const sum = Buffer.alloc(8);
  input.forEach((byte, index) => {
    sum[index % 8] = (sum[index % 8] ?? 0) ^ byte;
  });
  const [left, right] = [Buffer.from(hex(sum).slice(0, 8)), Buffer.from(hex(sum).slice(8))];
  const once = des(left, key);
  return hex(des(Buffer.from(once.map((byte, index) => byte ^ (right[index] ?? 0))), key)).slice(0, 8);
}

/** One block; an 8-byte key is used three times over, which is DES. */
export function des(block: Uint8Array, key: Uint8Array): Buffer {
  const wide = key.length === 8 ? Buffer.concat([key, key, key]) : Buffer.concat([key, key.subarray(0, 8)]);
  const cipher = createCipheriv('des-ede3-cbc', wide, Buffer.alloc(8)).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

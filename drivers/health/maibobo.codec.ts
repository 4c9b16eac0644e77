/**
 * Maibobo (脉搏波) cuff tunnel monitor (device-protocols 7.4). One public source, which disagrees with itself about where the
 * values of a result stand: all readings that fit are given, and a site says which one its device means.
 */
import Type, { type Static } from 'typebox';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning } from '../wire-key.ts';
import { byteAt, bytesOf, encodeEach, garbage, hexOf, oneOrMany } from './garbage.ts';

const closed = { additionalProperties: false } as const;
const Hex = Type.String({ pattern: '^([0-9A-F]{2})*$' });
const Word = Type.Integer({ minimum: 0, maximum: 0xffff });
const frame = {
  direction: Type.Enum(['toDevice', 'fromDevice']),
  /** What follows the type; the rest of a meaning is read from it. */
  dataHex: Hex,
  confidence: Type.Literal('low'),
};
const Reading = Type.Object(
  { valuesAtDataByte: Type.Enum([7, 11]), systolicMmHg: Word, diastolicMmHg: Word, pulseBpm: Word },
  closed,
);
const ERRORS: ReadonlyMap<number, string> = new Map([
  [0x01, 'overPressure'],
  [0x02, 'signal'],
  [0x05, 'leak'],
  [0x06, 'sensor'],
  [0x09, 'deflate'],
  [0x0f, 'leak'],
  [0x10, 'motor'],
]);
const MaiboboMeaning = Type.Union([
  Type.Object({ kind: Type.Enum(['connect', 'start', 'stop']), ...frame }, closed),
  Type.Object({ kind: Type.Literal('pressure'), pressureMmHg: Word, ...frame }, closed),
  Type.Object({ kind: Type.Literal('result'), readings: Type.Array(Reading), ...frame }, closed),
  Type.Object({ kind: Type.Literal('error'), errorNumber: Type.Integer(), error: Type.String(), ...frame }, closed),
  Type.Object({ kind: Type.Literal('other'), typeHex: Type.String({ pattern: '^[0-9A-F]{4}$' }), ...frame }, closed),
]);
type MaiboboMeaning = Static<typeof MaiboboMeaning>;
export type MaiboboMessage = MaiboboMeaning;
export type ResultOffset = 7 | 11;

const HEADS = { toDevice: 0xcc, fromDevice: 0xaa } as const;
const TYPES = {
  connect: 0x0101,
  start: 0x0102,
  stop: 0x0103,
  pressure: 0x0105,
  result: 0x0106,
  error: 0x0107,
} as const;
const OFFSETS: readonly ResultOffset[] = [7, 11];
const VALUE_BYTES = 6;
/** Head, 80, 03, length; then type and data; then XOR. */
const OVERHEAD_BYTES = 5;
const MIN_LENGTH = 2;
const MAX_LENGTH = 64;

export function maiboboCommand(kind: 'connect' | 'start' | 'stop'): Uint8Array {
  return writeFrame(HEADS.toDevice, TYPES[kind], Uint8Array.of(0));
}

function writeFrame(head: number, type: number, data: Uint8Array): Uint8Array {
  const sealed = [0x03, 2 + data.length, type >> 8, type & 0xff, ...data];
  return Uint8Array.of(head, 0x80, ...sealed, xor(sealed));
}

/** The whole frame at the start of `bytes`, how many more bytes it needs, or why it is none. */
type Step =
  | { readonly kind: 'frame'; readonly message: MaiboboMeaning; readonly taken: number }
  | { readonly kind: 'more' }
  | { readonly kind: 'bad'; readonly at: number; readonly why: string };

const HEAD_RULES: readonly { readonly isRight: (byte: number) => boolean; readonly why: string }[] = [
  { isRight: (byte) => byte === HEADS.toDevice || byte === HEADS.fromDevice, why: 'neither CC nor AA' },
  { isRight: (byte) => byte === 0x80, why: '80 should follow' },
  { isRight: (byte) => byte === 0x03, why: '03 should follow' },
  { isRight: (byte) => byte >= MIN_LENGTH && byte <= MAX_LENGTH, why: 'a length that cannot be' },
];

function readFrame(bytes: Uint8Array): Step {
  const head = [...bytes.subarray(0, HEAD_RULES.length)];
  const at = head.findIndex((byte, place) => !HEAD_RULES[place]?.isRight(byte));
  if (at >= 0) return { kind: 'bad', at, why: HEAD_RULES[at]?.why ?? '' };
  const taken = OVERHEAD_BYTES + byteAt(bytes, 3);
  if (head.length < HEAD_RULES.length || bytes.length < taken) return { kind: 'more' };
  if (xor(bytes.subarray(2, taken - 1)) !== bytes[taken - 1])
    return { kind: 'bad', at: taken - 1, why: 'XOR is wrong' };
  const message = readMessage(byteAt(bytes, 0), bytes.subarray(4, taken - 1));
  return message ? { kind: 'frame', message, taken } : { kind: 'bad', at: 4, why: 'the data does not fit its type' };
}

function readMessage(head: number, body: Uint8Array): MaiboboMeaning | undefined {
  const data = body.subarray(2);
  const direction = head === HEADS.toDevice ? 'toDevice' : 'fromDevice';
  const common = { direction, dataHex: hexOf(data), confidence: 'low' } as const;
  switch (word(body, 0)) {
    case TYPES.connect:
      return { kind: 'connect', ...common };
    case TYPES.start:
      return { kind: 'start', ...common };
    case TYPES.stop:
      return { kind: 'stop', ...common };
    case TYPES.pressure:
      return data.length === 2 ? { kind: 'pressure', pressureMmHg: word(data, 0), ...common } : undefined;
    case TYPES.result:
      return { kind: 'result', readings: readingsIn(data), ...common };
    case TYPES.error:
      return data.length === 1 ? { kind: 'error', ...errorIn(data), ...common } : undefined;
    default:
      return { kind: 'other', typeHex: hexOf(body.subarray(0, 2)), ...common };
  }
}

function errorIn(data: Uint8Array): { readonly errorNumber: number; readonly error: string } {
  const errorNumber = byteAt(data, 0);
  return { errorNumber, error: ERRORS.get(errorNumber) ?? 'unknown' };
}

function readingsIn(data: Uint8Array): Static<typeof Reading>[] {
  return OFFSETS.filter((offset) => data.length >= offset + VALUE_BYTES).map((offset) => ({
    valuesAtDataByte: offset,
    systolicMmHg: word(data, offset),
    diastolicMmHg: word(data, offset + 2),
    pulseBpm: word(data, offset + 4),
  }));
}

/** Streaming; what is no frame is passed over byte by byte and counted. */
export class MaiboboDecoder {
  #rest: Uint8Array = new Uint8Array();
  damagedBytes = 0;

  get pendingBytes(): number {
    return this.#rest.length;
  }

  reset(): void {
    this.#rest = new Uint8Array();
  }

  push(chunk: Uint8Array): MaiboboMessage[] {
    this.#rest = Uint8Array.from([...this.#rest, ...chunk]);
    const messages: MaiboboMessage[] = [];
    while (this.#rest.length > 0) {
      const step = readFrame(this.#rest);
      if (step.kind === 'more') break;
      if (step.kind === 'frame') messages.push(step.message);
      else this.damagedBytes += 1;
      this.#rest = this.#rest.subarray(step.kind === 'frame' ? step.taken : 1);
    }
    return messages;
  }
}

export function decodeMaibobo(bytes: Uint8Array): Result<Meaning> {
  if (bytes.length === 0) return garbage(0, 'nothing');
  const meanings: Meaning[] = [];
  for (let at = 0; at < bytes.length;) {
    const step = readFrame(bytes.subarray(at));
    if (step.kind === 'more') return garbage(bytes.length, `the frame at ${at} is not complete`);
    if (step.kind === 'bad') return garbage(at + step.at, step.why);
    meanings.push(step.message as Meaning);
    at += step.taken;
  }
  return ok(oneOrMany(meanings));
}

export function encodeMaibobo(meaning: unknown): Result<Uint8Array> {
  return encodeEach(meaning, MaiboboMeaning, (one) => {
    const type = one.kind === 'other' ? Number.parseInt(one.typeHex, 16) : TYPES[one.kind];
    return writeFrame(HEADS[one.direction], type, bytesOf(one.dataHex));
  });
}

/** Results and pressures become zeros under a right checksum; what cannot be read becomes zeros altogether. */
export function maskMaibobo(bytes: Uint8Array): Uint8Array {
  const masked: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const step = readFrame(bytes.subarray(at));
    if (step.kind !== 'frame') return new Uint8Array(bytes.length);
    const part = bytes.subarray(at, at + step.taken);
    const isPersonal = step.message.kind !== 'error' && step.message.dataHex.length > 2;
    const type = ((part[4] ?? 0) << 8) | (part[5] ?? 0);
    masked.push(
      ...(isPersonal ? writeFrame(part[0] ?? 0, type, new Uint8Array(step.message.dataHex.length / 2)) : part),
    );
    at += step.taken;
  }
  return Uint8Array.from(masked);
}

function word(bytes: Uint8Array, at: number): number {
  return (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1);
}

function xor(bytes: Iterable<number>): number {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
}

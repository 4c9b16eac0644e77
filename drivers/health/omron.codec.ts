/**
 * Omron 790IT blood-pressure monitor over USB HID: ASCII commands and answers, carried in reports of a count and at most
 * seven bytes (device-protocols 7.3). Bank and index places of the commands, and the place of the count in its answer, are
 * from the library the sheet names; the sheet itself shows bank 0 only.
 */
import Type, { type Static } from 'typebox';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning } from '../wire-key.ts';
import { daysIn } from './ble-time.ts';
import { byteAt, bytesOf, garbage, hexOf, oneOrMany } from './garbage.ts';

const Hex = Type.String({ pattern: '^([0-9A-F]{2})*$' });
const Byte = Type.Integer({ minimum: 0, maximum: 255 });
const closed = { additionalProperties: false } as const;
const Time = Type.String({ pattern: '^20\\d{2}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' });

const Question = Type.Object(
  { kind: Type.Literal('command'), command: Type.Enum(['version', 'profile', 'serialNumber', 'end']) },
  closed,
);
const CountQuestion = Type.Object(
  { kind: Type.Literal('command'), command: Type.Literal('readingCount'), bank: Byte, argumentsHex: Hex },
  closed,
);
const ReadingQuestion = Type.Object(
  { kind: Type.Literal('command'), command: Type.Literal('reading'), bank: Byte, index: Byte, argumentsHex: Hex },
  closed,
);
const ModeWrite = Type.Object(
  { kind: Type.Literal('selectMode'), mode: Type.Enum(['information', 'readings', 'weekly']) },
  closed,
);
const Short = Type.Object({ kind: Type.Enum(['notReady', 'sessionClosed']) }, closed);
const Text = Type.Object({ kind: Type.Literal('answer'), text: Type.String(), afterZero: Type.Boolean() }, closed);
const Count = Type.Object({ kind: Type.Literal('readingCount'), readingCount: Byte, unknownHex: Hex }, closed);
/** How the block was wrapped: bare, behind `OK`, or behind `OK` and a zero. */
const wrapped = { carriedBy: Type.Optional(Type.Enum(['ok', 'okZero'])) };
export const OmronReading = Type.Object(
  {
    kind: Type.Literal('reading'),
    deviceTime: Time,
    systolicMmHg: Byte,
    diastolicMmHg: Byte,
    pulseBpm: Byte,
    flagsHex: Hex,
    unknownHex: Hex,
    ...wrapped,
  },
  closed,
);
export type OmronReading = Static<typeof OmronReading>;
const NoReading = Type.Object({ kind: Type.Literal('emptyReading'), ...wrapped }, closed);

export const OmronMessage = Type.Union([
  Question,
  CountQuestion,
  ReadingQuestion,
  ModeWrite,
  Short,
  Text,
  Count,
  OmronReading,
  NoReading,
]);
export type OmronMessage = Static<typeof OmronMessage>;

export const OMRON_MODES = {
  information: Uint8Array.of(0x01, 0x01),
  readings: Uint8Array.of(0x74, 0xbc),
  weekly: Uint8Array.of(0x10, 0x74),
} as const;
const QUESTIONS = {
  version: bytesOf('5645523030'),
  profile: bytesOf('5052463030'),
  serialNumber: bytesOf('53524C3030'),
  end: bytesOf('454E44FFFF'),
} as const;
const NOT_READY = bytesOf('4E4F');
const CLOSED = bytesOf('4F46460D0A');
const OK = bytesOf('4F4B');
const COUNT_MNEMONIC = bytesOf('474443');
const READING_MNEMONIC = bytesOf('474D45');
const BLOCK_BYTES = 14;
/** `OK`, zero, three unknown bytes, the count, XOR. */
export const COUNT_ANSWER_BYTES = 8;
export const READING_ANSWER_BYTES = OK.length + 1 + BLOCK_BYTES;

interface Found {
  readonly message: OmronMessage;
  readonly taken: number;
}

/** One or more whole messages, without their reports. */
export function readOmronMessages(bytes: Uint8Array): Result<readonly OmronMessage[]> {
  if (bytes.length === 0) return garbage(0, 'nothing');
  const mode = Object.entries(OMRON_MODES).find(([, value]) => equal(value, bytes));
  if (mode) return ok([{ kind: 'selectMode', mode: mode[0] as keyof typeof OMRON_MODES }]);
  const messages: OmronMessage[] = [];
  for (let at = 0; at < bytes.length;) {
    const found = readOne(bytes, at);
    if (!found.ok) return found;
    messages.push(found.value.message);
    at += found.value.taken;
  }
  return ok(messages);
}

function readOne(bytes: Uint8Array, at: number): Result<Found> {
  const rest = bytes.subarray(at);
  if (begins(rest, NOT_READY)) return ok({ message: { kind: 'notReady' }, taken: NOT_READY.length });
  if (begins(rest, CLOSED)) return ok({ message: { kind: 'sessionClosed' }, taken: CLOSED.length });
  const question = Object.entries(QUESTIONS).find(([, value]) => begins(rest, value));
  if (question) {
    const command = question[0] as keyof typeof QUESTIONS;
    return ok({ message: { kind: 'command', command }, taken: question[1].length });
  }
  if (begins(rest, COUNT_MNEMONIC) || begins(rest, READING_MNEMONIC)) return readIndexed(rest, at);
  if (begins(rest, OK)) return whole(readAnswer(rest.subarray(OK.length), at + OK.length), rest);
  // A bare block has no first byte of its own: it is known by its length and its checksum.
  if (rest.length === BLOCK_BYTES) return whole(readBlock(rest, at), rest);
  return garbage(at, 'no command, no answer and no reading of 14 bytes begins here');
}

function whole(message: Result<OmronMessage>, rest: Uint8Array): Result<Found> {
  return message.ok ? ok({ message: message.value, taken: rest.length }) : message;
}

/** Mnemonic, zero, bank, zero (index), XOR of what follows the mnemonic. */
function readIndexed(rest: Uint8Array, at: number): Result<Found> {
  const isReading = begins(rest, READING_MNEMONIC);
  const length = isReading ? 8 : 7;
  const command = rest.subarray(0, length);
  if (command.length < length) return garbage(at + command.length, `the command ends after ${command.length} bytes`);
  const args = command.subarray(3, -1);
  if (xor(args) !== command.at(-1)) return garbage(at + length - 1, 'XOR of the arguments is wrong');
  const [, bank = 0, , index = 0] = args;
  const argumentsHex = hexOf(args);
  const message: OmronMessage = isReading
    ? { kind: 'command', command: 'reading', bank, index, argumentsHex }
    : { kind: 'command', command: 'readingCount', bank, argumentsHex };
  return ok({ message, taken: length });
}

function readAnswer(body: Uint8Array, at: number): Result<OmronMessage> {
  if (body.length === BLOCK_BYTES && !isText(body)) return readBlock(body, at, 'ok');
  const afterZero = body[0] === 0;
  const content = afterZero ? body.subarray(1) : body;
  if (content.length > 0 && isText(content)) {
    return ok({ kind: 'answer', text: Buffer.from(content).toString('latin1'), afterZero });
  }
  if (!afterZero) return garbage(at, 'an answer is text, a count or a reading');
  if (content.length === BLOCK_BYTES) return readBlock(content, at + 1, 'okZero');
  if (body.length !== COUNT_ANSWER_BYTES - OK.length)
    return garbage(at + body.length, `an answer of ${body.length} bytes`);
  if (xor(body.subarray(0, -1)) !== body.at(-1)) return garbage(at + body.length - 1, 'XOR of the count is wrong');
  return ok({ kind: 'readingCount', readingCount: body[4] ?? 0, unknownHex: hexOf(body.subarray(1, 4)) });
}

function readBlock(block: Uint8Array, at: number, carriedBy?: 'ok' | 'okZero'): Result<OmronMessage> {
  const carried = carriedBy === undefined ? {} : { carriedBy };
  if (xor(block.subarray(0, -1)) !== block.at(-1)) return garbage(at + BLOCK_BYTES - 1, 'XOR of the reading is wrong');
  if (block.every((byte) => byte === 0)) return ok({ kind: 'emptyReading', ...carried });
  const deviceTime = dateIn(block);
  if (deviceTime === undefined) return garbage(at, 'the date of the reading is none');
  const unknown = Uint8Array.of(byteAt(block, 6), byteAt(block, 7), byteAt(block, 11));
  return ok({
    kind: 'reading',
    deviceTime,
    systolicMmHg: byteAt(block, 8),
    diastolicMmHg: byteAt(block, 9),
    pulseBpm: byteAt(block, 10),
    flagsHex: hexOf(block.subarray(12, 13)),
    unknownHex: hexOf(unknown),
    ...carried,
  });
}

/** Six binary bytes, the year since 2000. */
function dateIn(block: Uint8Array): string | undefined {
  const [year, month, day] = [byteAt(block, 0), byteAt(block, 1), byteAt(block, 2)];
  const time = [byteAt(block, 3), byteAt(block, 4), byteAt(block, 5)];
  const isDay = year < 100 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(2000 + year, month);
  const isTime = [23, 59, 59].every((maximum, index) => byteAt(time, index) <= maximum);
  if (!isDay || !isTime) return undefined;
  const [MM, DD, ...rest] = [month, day, ...time].map((part) => String(part).padStart(2, '0'));
  return `${2000 + year}-${MM}-${DD}T${rest.join(':')}`;
}

export function writeOmronMessage(message: OmronMessage): Uint8Array {
  switch (message.kind) {
    case 'command':
      return writeCommand(message);
    case 'selectMode':
      return OMRON_MODES[message.mode];
    case 'notReady':
      return NOT_READY;
    case 'sessionClosed':
      return CLOSED;
    case 'answer':
      return joined(OK, message.afterZero ? [0] : [], Buffer.from(message.text, 'latin1'));
    case 'readingCount': {
      const body = joined([0], bytesOf(message.unknownHex), [message.readingCount]);
      return joined(OK, body, [xor(body)]);
    }
    case 'reading':
    case 'emptyReading':
      return joined(CARRIERS[message.carriedBy ?? 'bare'], writeBlock(message));
  }
}

const CARRIERS = { bare: [], ok: [...OK], okZero: [...OK, 0] } as const;

function writeCommand(message: Extract<OmronMessage, { kind: 'command' }>): Uint8Array {
  if (!('argumentsHex' in message)) return QUESTIONS[message.command];
  const args = bytesOf(message.argumentsHex);
  return joined(message.command === 'reading' ? READING_MNEMONIC : COUNT_MNEMONIC, args, [xor(args)]);
}

function writeBlock(message: Extract<OmronMessage, { kind: 'reading' | 'emptyReading' }>): Uint8Array {
  if (message.kind === 'emptyReading') return new Uint8Array(BLOCK_BYTES);
  const [year = 0, ...rest] = message.deviceTime.split(/[-T:]/).map(Number);
  const [unknown6 = 0, unknown7 = 0, unknown11 = 0] = bytesOf(message.unknownHex);
  const { systolicMmHg, diastolicMmHg, pulseBpm, flagsHex } = message;
  const values = [systolicMmHg, diastolicMmHg, pulseBpm, unknown11];
  const block = joined([year - 2000, ...rest, unknown6, unknown7], values, bytesOf(flagsHex));
  return joined(block, [xor(block)]);
}

export function countQuestion(bank: number): Uint8Array {
  return writeOmronMessage({
    kind: 'command',
    command: 'readingCount',
    bank,
    argumentsHex: hexOf(Uint8Array.of(0, bank, 0)),
  });
}

export function readingQuestion(bank: number, index: number): Uint8Array {
  const argumentsHex = hexOf(Uint8Array.of(0, bank, 0, index));
  return writeOmronMessage({ kind: 'command', command: 'reading', bank, index, argumentsHex });
}

export function versionQuestion(): Uint8Array {
  return QUESTIONS.version;
}

export function meaningsOf(messages: readonly OmronMessage[]): Meaning {
  return oneOrMany(messages as readonly Meaning[]);
}

function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}

function begins(bytes: Uint8Array, with_: Uint8Array): boolean {
  return with_.every((byte, index) => bytes[index] === byte);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && begins(a, b);
}

function xor(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum ^ byte, 0);
}

function joined(...parts: readonly Iterable<number>[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/**
 * Contec CMS50D+ from firmware 4.6: nine-byte commands and packets (device-protocols 7.2). Only the two values are sure; two
 * descriptions of bytes 1 to 4 contradict each other, so both readings are given and neither is used.
 */
import Type, { type Static } from 'typebox';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning } from '../wire-key.ts';
import { bytesOf, encodeEach, garbage, hexOf, oneOrMany } from './garbage.ts';

const closed = { additionalProperties: false } as const;
const FRAME_BYTES = 9;
const COMMAND_HEAD = 0x7d;
const PACKET_HEAD = 0x01;
const FILLER = 0x80;
const NO_READING = 127;

/** A7 and A2 both stop something; which stops what is recollection. */
const COMMANDS = { startLive: 0xa1, keepAlive: 0xaf, stopLive: 0xa2, stopOther: 0xa7 } as const;
type CommandName = keyof typeof COMMANDS;

const CommandMeaning = Type.Object(
  {
    kind: Type.Literal('command'),
    command: Type.Enum(['startLive', 'keepAlive', 'stopLive', 'stopOther', 'other']),
    operationHex: Type.String({ pattern: '^[89A-F][0-9A-F]$' }),
    confidence: Type.Enum(['sheet', 'recollection']),
  },
  closed,
);
const Value = Type.Union([Type.Integer({ minimum: 1, maximum: 126 }), Type.Null()]);
const LiveMeaning = Type.Object(
  {
    kind: Type.Literal('liveReading'),
    pulseBpm: Value,
    /** Present when one of the two descriptions says that the pulse has an eighth bit, set here: then nobody can tell. */
    pulseBpmIfTopBit: Type.Optional(Type.Integer({ minimum: 128, maximum: 255 })),
    spo2Percent: Value,
    /** Bytes 1 to 4, of which two descriptions disagree. */
    unconfirmed: Type.Object(
      {
        ifByte1HoldsTopBits: Type.Object({ flags: Type.Integer(), wave: Type.Integer(), bar: Type.Integer() }, closed),
        ifByte1HoldsValidityFlags: Type.Object(
          { validity: Type.Integer(), flags: Type.Integer(), wave: Type.Integer(), bar: Type.Integer() },
          closed,
        ),
      },
      closed,
    ),
    hex: Type.String({ pattern: '^01([89A-F][0-9A-F]){8}$' }),
  },
  closed,
);
const NewMeaning = Type.Union([CommandMeaning, LiveMeaning]);
type LiveMeaning = Static<typeof LiveMeaning>;

export interface NewPacket extends LiveMeaning {
  readonly skippedBytes: number;
}

export function commandBytes(name: CommandName): Uint8Array {
  return writeCommand(COMMANDS[name]);
}

function writeCommand(operation: number): Uint8Array {
  return Uint8Array.of(COMMAND_HEAD, 0x81, operation, FILLER, FILLER, FILLER, FILLER, FILLER, FILLER);
}

/** Streaming; every byte but the first of a packet has bit 7 set. */
export class NewCms50Decoder {
  #rest: number[] = [];
  #skipped = 0;
  damagedBytes = 0;

  get pendingBytes(): number {
    return this.#rest.length;
  }

  reset(): void {
    this.#rest = [];
    this.#skipped = 0;
  }

  push(chunk: Uint8Array): NewPacket[] {
    const packets: NewPacket[] = [];
    for (const byte of chunk) {
      if (byte === PACKET_HEAD) {
        this.#skip(this.#rest.length);
        this.#rest = [byte];
      } else if (byte & 0x80 && this.#rest.length > 0) this.#rest.push(byte);
      else {
        this.#skip(this.#rest.length + 1);
        this.#rest = [];
      }
      if (this.#rest.length < FRAME_BYTES) continue;
      packets.push({ ...readLive(Uint8Array.from(this.#rest)), skippedBytes: this.#skipped });
      this.#rest = [];
      this.#skipped = 0;
    }
    return packets;
  }

  #skip(count: number): void {
    this.#skipped += count;
    this.damagedBytes += count;
  }
}

function readLive(bytes: Uint8Array): LiveMeaning {
  const [, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0, b6 = 0] = bytes;
  const pulse = b5 & 0x7f;
  const topBit = (index: number): number => ((b1 >> index) & 1) << 7;
  const low = { flags: b2 & 0x7f, wave: b3 & 0x7f, bar: b4 & 0x7f };
  return {
    kind: 'liveReading',
    pulseBpm: valueOf(pulse),
    ...(topBit(3) === 0 ? {} : { pulseBpmIfTopBit: pulse | 0x80 }),
    spo2Percent: valueOf(b6 & 0x7f),
    unconfirmed: {
      ifByte1HoldsTopBits: { flags: low.flags | topBit(0), wave: low.wave | topBit(1), bar: low.bar | topBit(2) },
      ifByte1HoldsValidityFlags: { validity: b1 & 0x7f, ...low },
    },
    hex: hexOf(bytes),
  };
}

function valueOf(seven: number): number | null {
  return seven === 0 || seven === NO_READING ? null : seven;
}

export function decodeNew(bytes: Uint8Array): Result<Meaning> {
  if (bytes.length === 0) return garbage(0, 'nothing');
  const meanings: Meaning[] = [];
  for (let at = 0; at < bytes.length; at += FRAME_BYTES) {
    const frame = bytes.slice(at, at + FRAME_BYTES);
    if (frame.length < FRAME_BYTES) return garbage(bytes.length, `the frame at ${at} ends after ${frame.length} bytes`);
    const one = decodeFrame(frame, at);
    if (!one.ok) return one;
    meanings.push(one.value);
  }
  return ok(oneOrMany(meanings));
}

function decodeFrame(frame: Uint8Array, at: number): Result<Meaning> {
  const [head, second, operation = 0] = frame;
  if (head === PACKET_HEAD) {
    const bare = frame.findIndex((byte, index) => index > 0 && (byte & 0x80) === 0);
    return bare > 0 ? garbage(at + bare, 'a byte inside a packet without bit 7') : ok({ ...readLive(frame) });
  }
  if (head !== COMMAND_HEAD) return garbage(at, 'neither a command (7D) nor a packet (01)');
  if (second !== 0x81) return garbage(at + 1, 'a command goes on with 81');
  if ((operation & 0x80) === 0) return garbage(at + 2, 'an operation has bit 7');
  const odd = frame.findIndex((byte, index) => index > 2 && byte !== FILLER);
  if (odd > 0) return garbage(at + odd, 'a command is filled with 80');
  const name = (Object.keys(COMMANDS) as CommandName[]).find((candidate) => COMMANDS[candidate] === operation);
  const isSure = name === 'startLive' || name === 'keepAlive';
  const operationHex = hexOf(Uint8Array.of(operation));
  return ok({ kind: 'command', command: name ?? 'other', operationHex, confidence: isSure ? 'sheet' : 'recollection' });
}

export function encodeNew(meaning: unknown): Result<Uint8Array> {
  return encodeEach(meaning, NewMeaning, (one) =>
    one.kind === 'command' ? writeCommand(Number.parseInt(one.operationHex, 16)) : bytesOf(one.hex),
  );
}

/** Everything after the first byte of a packet may be pulse, oxygen or wave; a command is not personal. */
export function maskNew(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === COMMAND_HEAD && decodeNew(bytes).ok) return bytes;
  return bytes.map((byte) => (byte & 0x80 ? 0xff : byte));
}

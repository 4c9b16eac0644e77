/**
 * Contec CMS50, the old stream: five bytes about 60 times a second, only the first has bit 7 set (device-protocols 7.1). There
 * is no checksum: what a wrong bit makes of a value must be caught by whoever watches several packets.
 */
import Type, { type Static } from 'typebox';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning } from '../wire-key.ts';
import { byteAt, bytesOf, encodeEach, garbage, hexOf, oneOrMany } from './garbage.ts';

const closed = { additionalProperties: false } as const;
const Bits = (max: number) => Type.Integer({ minimum: 0, maximum: max });

const PacketMeaning = Type.Object(
  {
    kind: Type.Literal('oximeterPacket'),
    /** Null: 0 or the filler 127 stands there, no reading. */
    pulseBpm: Type.Union([Bits(255), Type.Null()]),
    spo2Percent: Type.Union([Bits(127), Type.Null()]),
    signalStrength: Bits(15),
    waveform: Bits(127),
    barGraph: Bits(15),
    pulseBeat: Type.Boolean(),
    spo2Dropping: Type.Boolean(),
    searchingTooLong: Type.Boolean(),
    probeError: Type.Boolean(),
    searching: Type.Boolean(),
    /** What stands on the wire when a value is null. */
    filler: Type.Optional(Type.Object({ pulse: Type.Optional(Bits(255)), spo2: Type.Optional(Bits(127)) }, closed)),
  },
  closed,
);
const SkippedMeaning = Type.Object(
  { kind: Type.Literal('skipped'), byteCount: Bits(4), hex: Type.String({ pattern: '^([0-7][0-9A-F]){1,4}$' }) },
  closed,
);
const OldMeaning = Type.Union([PacketMeaning, SkippedMeaning]);
type PacketMeaning = Static<typeof PacketMeaning>;

export interface OldPacket extends PacketMeaning {
  /** Bytes thrown away since the packet before: the stream was joined in the middle, or a packet was damaged. */
  readonly skippedBytes: number;
}

const PACKET_BYTES = 5;
const SYNC = 0x80;
const NO_READING = 127;

/** Streaming; a byte with bit 7 set always begins a packet anew. */
export class OldCms50Decoder {
  #rest: number[] = [];
  #skipped = 0;
  /** Since the decoder was made. */
  damagedBytes = 0;

  get pendingBytes(): number {
    return this.#rest.length;
  }

  reset(): void {
    this.#rest = [];
    this.#skipped = 0;
  }

  push(chunk: Uint8Array): OldPacket[] {
    const packets: OldPacket[] = [];
    for (const byte of chunk) {
      if (byte & SYNC) {
        this.#skip(this.#rest.length);
        this.#rest = [byte];
      } else if (this.#rest.length > 0) this.#rest.push(byte);
      else this.#skip(1);
      if (this.#rest.length < PACKET_BYTES) continue;
      packets.push({ ...readPacket(this.#rest), skippedBytes: this.#skipped });
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

function readPacket(bytes: ArrayLike<number>): PacketMeaning {
  const isSet = (place: number, bit: number): boolean => (byteAt(bytes, place) & bit) !== 0;
  const pulse = ((byteAt(bytes, 2) & 0x40) << 1) | byteAt(bytes, 3);
  const spo2 = byteAt(bytes, 4);
  const filler = { ...(isReading(pulse) ? {} : { pulse }), ...(isReading(spo2) ? {} : { spo2 }) };
  return {
    kind: 'oximeterPacket',
    pulseBpm: isReading(pulse) ? pulse : null,
    spo2Percent: isReading(spo2) ? spo2 : null,
    signalStrength: byteAt(bytes, 0) & 0x0f,
    waveform: byteAt(bytes, 1),
    barGraph: byteAt(bytes, 2) & 0x0f,
    pulseBeat: isSet(0, 0x40),
    spo2Dropping: isSet(0, 0x20),
    searchingTooLong: isSet(0, 0x10),
    probeError: isSet(2, 0x10),
    searching: isSet(2, 0x20),
    ...(Object.keys(filler).length === 0 ? {} : { filler }),
  };
}

function isReading(value: number): boolean {
  return value !== 0 && value !== NO_READING;
}

/**
 * Whole packets; before the first one up to four bytes of a lost packet are told as `skipped`. Anything else that does not
 * belong (a packet cut short, a rest at the end) is `device.garbage`.
 */
export function decodeOld(bytes: Uint8Array): Result<Meaning> {
  const start = bytes.findIndex((byte) => (byte & SYNC) !== 0);
  if (start < 0) return garbage(0, `no byte of ${bytes.length} begins a packet (bit 7)`);
  if (start >= PACKET_BYTES) return garbage(0, `${start} bytes before the first packet, more than one lost packet has`);
  const meanings: Meaning[] = [];
  if (start > 0) meanings.push({ kind: 'skipped', byteCount: start, hex: hexOf(bytes.subarray(0, start)) });
  for (let at = start; at < bytes.length; at += PACKET_BYTES) {
    const packet = bytes.subarray(at, at + PACKET_BYTES);
    if (((packet[0] ?? 0) & SYNC) === 0) return garbage(at, 'a packet should begin here (bit 7)');
    const early = packet.findIndex((byte, index) => index > 0 && (byte & SYNC) !== 0);
    if (early > 0) return garbage(at + early, `the packet at ${at} is cut short after ${early} bytes`);
    if (packet.length < PACKET_BYTES)
      return garbage(bytes.length, `the packet at ${at} ends after ${packet.length} bytes`);
    meanings.push({ ...readPacket(packet) });
  }
  return ok(oneOrMany(meanings));
}

export function encodeOld(meaning: unknown): Result<Uint8Array> {
  return encodeEach(meaning, OldMeaning, (one) => (one.kind === 'skipped' ? bytesOf(one.hex) : writePacket(one)));
}

function writePacket(one: PacketMeaning): Uint8Array {
  const pulse = one.pulseBpm ?? one.filler?.pulse ?? NO_READING;
  const flags = (on: boolean, bit: number): number => (on ? bit : 0);
  return Uint8Array.of(
    SYNC |
      one.signalStrength |
      flags(one.searchingTooLong, 0x10) |
      flags(one.spo2Dropping, 0x20) |
      flags(one.pulseBeat, 0x40),
    one.waveform,
    one.barGraph | flags(one.probeError, 0x10) | flags(one.searching, 0x20) | ((pulse >> 1) & 0x40),
    pulse & 0x7f,
    one.spo2Percent ?? one.filler?.spo2 ?? NO_READING,
  );
}

/** Pulse, oxygen, wave and bar become "no reading"; flags and sync stay. Right for any part of the stream. */
export function maskOld(bytes: Uint8Array): Uint8Array {
  const masked = Uint8Array.from(bytes);
  // What stands before the first sync byte is a tail: its place in the packet is counted from the packet's end.
  const start = bytes.findIndex((byte) => (byte & SYNC) !== 0);
  const before = start < 0 ? bytes.length : start;
  for (let at = 0; at < before; at += 1) masked[at] = NO_READING;
  for (let at = before, place = 0; at < bytes.length; at += 1, place += 1) {
    const byte = bytes[at] ?? 0;
    if (byte & SYNC) place = 0;
    if (place === 1) masked[at] = 0;
    else if (place === 2) masked[at] = byte & 0x30;
    else if (place > 2) masked[at] = NO_READING;
  }
  return masked;
}

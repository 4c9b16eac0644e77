/**
 * Our own framing for whatever holds a Bluetooth or HID device on behalf of the kiosk (README, "gateway"): A5, channel,
 * length, payload, CRC-16/XMODEM over channel to payload, high byte first. One frame is one indication or report.
 */
import Type from 'typebox';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import type { Meaning } from '../wire-key.ts';
import { crc16 } from './crc16.ts';
import { byteAt, bytesOf, encodeEach, garbage, hexOf, oneOrMany } from './garbage.ts';

export type Channel = 'value' | 'setup' | 'state';
export interface Packet {
  readonly channel: Channel;
  readonly bytes: Uint8Array;
}

const START = 0xa5;
const CHANNELS: readonly Channel[] = ['value', 'setup', 'state'];
export const GATEWAY_MAX_BYTES = 64;
const HEAD_BYTES = 3;
const OVERHEAD_BYTES = 5;

export function gatewayFrame(channel: Channel, bytes: Uint8Array): Uint8Array {
  const sealed = Uint8Array.from([CHANNELS.indexOf(channel) + 1, bytes.length, ...bytes]);
  const crc = crc16(sealed);
  return Uint8Array.from([START, ...sealed, crc >> 8, crc & 0xff]);
}

export class GatewayDecoder {
  #rest: Uint8Array = new Uint8Array();
  damagedBytes = 0;

  get pendingBytes(): number {
    return this.#rest.length;
  }

  reset(): void {
    this.#rest = new Uint8Array();
  }

  push(chunk: Uint8Array): Packet[] {
    this.#rest = Uint8Array.from([...this.#rest, ...chunk]);
    const packets: Packet[] = [];
    for (let taken = this.#sizeOfNext(); taken !== undefined; taken = this.#sizeOfNext()) {
      const channel = CHANNELS[byteAt(this.#rest, 1) - 1];
      const isFrame = taken > 0 && channel !== undefined && this.#crcIsRight(taken);
      if (isFrame) packets.push({ channel, bytes: this.#rest.slice(HEAD_BYTES, taken - 2) });
      else this.damagedBytes += 1;
      this.#rest = this.#rest.subarray(isFrame ? taken : 1);
    }
    return packets;
  }

  /** Bytes of the frame that begins here, 0 when none can, undefined when more bytes must come. */
  #sizeOfNext(): number | undefined {
    const [start, channel, length] = this.#rest;
    if (start === undefined) return undefined;
    if (start !== START) return 0;
    if (channel === undefined) return undefined;
    if (channel < 1 || channel > CHANNELS.length) return 0;
    if (length === undefined) return undefined;
    if (length > GATEWAY_MAX_BYTES) return 0;
    return this.#rest.length < OVERHEAD_BYTES + length ? undefined : OVERHEAD_BYTES + length;
  }

  #crcIsRight(taken: number): boolean {
    const crc = crc16(this.#rest.subarray(1, taken - 2));
    return this.#rest[taken - 2] === crc >> 8 && this.#rest[taken - 1] === (crc & 0xff);
  }
}

const GatewayMeaning = Type.Object(
  {
    kind: Type.Literal('gatewayFrame'),
    channel: Type.Enum(['value', 'setup', 'state']),
    payloadHex: Type.String({ pattern: '^([0-9A-F]{2}){0,64}$' }),
  },
  { additionalProperties: false },
);

export function decodeGateway(bytes: Uint8Array): Result<Meaning> {
  if (bytes.length === 0) return garbage(0, 'nothing');
  const meanings: Meaning[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = OVERHEAD_BYTES + (bytes[at + 2] ?? 0);
    if (bytes[at] !== START) return garbage(at, 'a frame begins with A5');
    if (at + size > bytes.length) return garbage(bytes.length, `the frame at ${at} is not complete`);
    const [packet] = new GatewayDecoder().push(bytes.slice(at, at + size));
    if (!packet) return garbage(at, 'channel, length or CRC is wrong');
    meanings.push({ kind: 'gatewayFrame', channel: packet.channel, payloadHex: hexOf(packet.bytes) });
    at += size;
  }
  return ok(oneOrMany(meanings));
}

export function encodeGateway(meaning: unknown): Result<Uint8Array> {
  return encodeEach(meaning, GatewayMeaning, ({ channel, payloadHex }) => gatewayFrame(channel, bytesOf(payloadHex)));
}

/** Values become zeros under a right CRC; what cannot be read becomes zeros altogether. */
export function maskGateway(bytes: Uint8Array): Uint8Array {
  if (!decodeGateway(bytes).ok) return new Uint8Array(bytes.length);
  const masked = new GatewayDecoder()
    .push(bytes)
    .map(({ channel, bytes: value }) =>
      gatewayFrame(channel, channel === 'value' ? new Uint8Array(value.length) : value),
    );
  return Uint8Array.from(masked.flatMap((frame) => [...frame]));
}

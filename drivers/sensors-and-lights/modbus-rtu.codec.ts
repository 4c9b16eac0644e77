/**
 * RTU frames (MODBUS over Serial Line V1.02, 2.5.1): unit, PDU, CRC-16 low byte first. Frames are found by their length and
 * CRC, never by the silence between them: a serial server or a busy host does not keep it.
 */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { decodePdu, fitsPdu, isFunctionCode, pduLengths } from './modbus-pdu.codec.ts';

export interface ModbusFrame {
  readonly unit: number;
  readonly pdu: Uint8Array;
  /** Modbus TCP only. */
  readonly transaction?: number;
}

/** V1.02 2.5.1.1: an RTU frame is at most 256 bytes. */
export const MAX_RTU_BYTES = 256;
/** V1.02 2.2: 0 is broadcast, 1 to 247 are units. */
const MAX_UNIT = 247;
const MIN_FRAME = 4;

/** V1.02 6.2.2: polynomial A001, start FFFF. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

export function sealRtu(unit: number, pdu: Uint8Array): Uint8Array {
  const body = Uint8Array.of(unit, ...pdu);
  const crc = crc16(body);
  return Uint8Array.of(...body, crc & 0xff, crc >> 8);
}

/** Frames from either side out of any stream; what is no frame is let go byte by byte. */
export class RtuDecoder {
  readonly #rest = new Uint8Array(MAX_RTU_BYTES);
  #size = 0;
  /** Where a frame can begin in `#rest`: a unit, and a function of the table behind it. Oldest first. */
  #starts: number[] = [];
  garbageBytes = 0;

  get pendingBytes(): number {
    return this.#size;
  }

  /** Looks after every byte, so that a frame is found at the same byte however the bytes came. */
  push(chunk: Uint8Array): ModbusFrame[] {
    const frames: ModbusFrame[] = [];
    for (const byte of chunk) {
      if (this.#size === MAX_RTU_BYTES) this.#drop(1);
      this.#rest[this.#size] = byte;
      this.#size += 1;
      if (this.#size >= 2 && isFunctionCode(byte)) this.#starts.push(this.#size - 2);
      const start = this.#starts.find((candidate) => this.#endsHere(candidate));
      if (start === undefined) continue;
      const frame = openRtu(this.#rest.subarray(start, this.#size));
      if (frame) frames.push(frame);
      this.garbageBytes += start;
      this.reset();
    }
    return frames;
  }

  reset(): void {
    this.#size = 0;
    this.#starts = [];
  }

  #drop(count: number): void {
    this.#rest.copyWithin(0, count, this.#size);
    this.#size -= count;
    this.garbageBytes += count;
    this.#starts = this.#starts.map((start) => start - count).filter((start) => start >= 0);
  }

  /** The oldest start counts: the longest frame, since a short one inside it would be chance. */
  #endsHere(start: number): boolean {
    const length = this.#size - start;
    return length >= MIN_FRAME && fitsPdu(this.#rest, start + 1, length - 3) && this.#isFrame(start);
  }

  #isFrame(start: number): boolean {
    return openRtu(this.#rest.subarray(start, this.#size)) !== undefined;
  }
}

/** The frame these bytes are, if they are exactly one. */
export function openRtu(bytes: Uint8Array): ModbusFrame | undefined {
  const unit = bytes[0] ?? 0xff;
  if (bytes.length < MIN_FRAME || bytes.length > MAX_RTU_BYTES || unit > MAX_UNIT) return undefined;
  const pdu = bytes.slice(1, -2);
  const crc = (bytes.at(-2) ?? 0) | ((bytes.at(-1) ?? 0) << 8);
  if (crc !== crc16(bytes.subarray(0, -2)) || !decodePdu(pdu).ok) return undefined;
  return { unit, pdu };
}

/** Frames one behind the other that use up all bytes; where two lengths fit, the longer one, whose CRC covers more. */
export function splitRtu(bytes: Uint8Array): Result<readonly ModbusFrame[]> {
  const frames: ModbusFrame[] = [];
  for (let at = 0; at < bytes.length;) {
    const rest = bytes.subarray(at);
    const fitting = pduLengths(rest.subarray(1)).filter((length) => length + 3 <= rest.length);
    const frame = fitting
      .toReversed()
      .map((length) => openRtu(rest.subarray(0, length + 3)))
      .find((each) => each);
    if (!frame) return fail('device.garbage', `byte ${at}: no frame with a right CRC`);
    frames.push(frame);
    at += frame.pdu.length + 3;
  }
  return ok(frames);
}

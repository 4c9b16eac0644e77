/** Modbus TCP frames (MODBUS Messaging on TCP/IP V1.0b, 3.1.3): transaction, protocol 0, length, unit, PDU. No CRC. */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { decodePdu } from './modbus-pdu.codec.ts';
import type { ModbusFrame } from './modbus-rtu.codec.ts';

const HEADER_BYTES = 7;
/** Unit and PDU: 2 to 254 bytes. */
const MIN_LENGTH = 2;
const MAX_LENGTH = 254;

export function sealTcp(transaction: number, unit: number, pdu: Uint8Array): Uint8Array {
  const length = pdu.length + 1;
  return Uint8Array.of(transaction >> 8, transaction & 0xff, 0, 0, length >> 8, length & 0xff, unit, ...pdu);
}

/** A stream of frames; a byte that can start none is let go. */
export class TcpDecoder {
  #rest: Uint8Array = new Uint8Array();
  garbageBytes = 0;

  get pendingBytes(): number {
    return this.#rest.length;
  }

  push(chunk: Uint8Array): ModbusFrame[] {
    const frames: ModbusFrame[] = [];
    this.#rest = Uint8Array.from(Buffer.concat([this.#rest, chunk]));
    let at = 0;
    for (;;) {
      const size = frameSize(this.#rest, at);
      if (size === 'more') break;
      const frame = size === 'none' ? undefined : openTcp(this.#rest.subarray(at, at + size));
      if (frame && size !== 'none') {
        frames.push(frame);
        at += size;
      } else {
        this.garbageBytes += 1;
        at += 1;
      }
    }
    this.#rest = this.#rest.slice(at);
    return frames;
  }

  reset(): void {
    this.#rest = new Uint8Array();
  }
}

/** The frame these bytes are, if they are exactly one. */
export function openTcp(bytes: Uint8Array): ModbusFrame | undefined {
  if (frameSize(bytes, 0) !== bytes.length) return undefined;
  const pdu = bytes.slice(HEADER_BYTES);
  if (!decodePdu(pdu).ok) return undefined;
  return { transaction: ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0), unit: bytes[6] ?? 0, pdu };
}

/** Frames one behind the other that use up all bytes. */
export function splitTcp(bytes: Uint8Array): Result<readonly ModbusFrame[]> {
  const frames: ModbusFrame[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = frameSize(bytes, at);
    if (size === 'more') return fail('device.garbage', `byte ${bytes.length}: the frame from byte ${at} is cut`);
    const frame = size === 'none' ? undefined : openTcp(bytes.subarray(at, at + size));
    if (!frame || size === 'none') return fail('device.garbage', `byte ${at}: no Modbus TCP frame`);
    frames.push(frame);
    at += size;
  }
  return ok(frames);
}

function frameSize(bytes: Uint8Array, at: number): number | 'more' | 'none' {
  const protocol = [bytes[at + 2] ?? 0, bytes[at + 3] ?? 0];
  if (protocol.some((byte) => byte !== 0)) return 'none';
  if (bytes.length < at + 6) return 'more';
  const length = ((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0);
  if (length < MIN_LENGTH || length > MAX_LENGTH) return 'none';
  return bytes.length < at + 6 + length ? 'more' : 6 + length;
}

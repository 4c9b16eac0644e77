/** Packets as the module sees them (device-protocols 3.1), written from the sheet alone. */
export interface Packet {
  readonly address: number;
  readonly pid: number;
  readonly content: Uint8Array;
}

export type Heard =
  | { readonly kind: 'packet'; readonly packet: Packet }
  /** Whole, and its sum is wrong. */
  | { readonly kind: 'damaged'; readonly address: number };

const HEAD_BYTES = 9;
const SUM_BYTES = 2;
/** 256 bytes of content are the most a module takes. */
const MAX_LENGTH = 256 + SUM_BYTES;

export function packetBytes({ address, pid, content }: Packet): Uint8Array {
  const length = content.length + SUM_BYTES;
  const bytes = new Uint8Array(HEAD_BYTES + length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xef01);
  view.setUint32(2, address);
  view.setUint8(6, pid);
  view.setUint16(7, length);
  bytes.set(content, HEAD_BYTES);
  view.setUint16(HEAD_BYTES + content.length, sumOf(bytes.subarray(6, HEAD_BYTES + content.length)));
  return bytes;
}

function sumOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum + byte, 0) & 0xffff;
}

/** What the host says, packet by packet; bytes that begin none are passed over. */
export class PacketReceiver {
  #rest: number[] = [];

  reset(): void {
    this.#rest = [];
  }

  push(bytes: Uint8Array): Heard[] {
    this.#rest.push(...bytes);
    const heard: Heard[] = [];
    for (let next = this.#next(); next !== 'more'; next = this.#next()) if (next !== 'noise') heard.push(next);
    return heard;
  }

  #next(): Heard | 'noise' | 'more' {
    const rest = this.#rest;
    if (rest.length === 0 || (rest[0] === 0xef && rest.length < HEAD_BYTES)) return 'more';
    const bytes = Uint8Array.from(rest.slice(0, HEAD_BYTES + MAX_LENGTH));
    const view = new DataView(bytes.buffer);
    const length = bytes.length < HEAD_BYTES ? 0 : view.getUint16(7);
    if (rest[0] !== 0xef || rest[1] !== 0x01 || length <= SUM_BYTES || length > MAX_LENGTH) {
      rest.shift();
      return 'noise';
    }
    const end = HEAD_BYTES + length - SUM_BYTES;
    if (rest.length < end + SUM_BYTES) return 'more';
    rest.splice(0, end + SUM_BYTES);
    const address = view.getUint32(2);
    if (view.getUint16(end) !== sumOf(bytes.subarray(6, end))) return { kind: 'damaged', address };
    return { kind: 'packet', packet: { address, pid: view.getUint8(6), content: bytes.slice(HEAD_BYTES, end) } };
  }
}

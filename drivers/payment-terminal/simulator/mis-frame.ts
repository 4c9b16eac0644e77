/**
 * The terminal's own reading and writing of MIS serial frames (device-protocols 5.1):
 * `02 | length, 2 BCD | TLV | 03 | LRC`, the LRC over length, TLV and ETX.
 */
export interface Tlv {
  readonly tag: number;
  readonly value: Uint8Array;
}

export type MisInput =
  | { readonly kind: 'ack' | 'nak' | 'eot' }
  | { readonly kind: 'frame'; readonly fields: readonly Tlv[]; readonly hex: string }
  /** A frame whose length, end, LRC or TLV is wrong. */
  | { readonly kind: 'damaged' };

const STX = 0x02;
const ETX = 0x03;
const MAX_DATA_BYTES = 1024;
const CONTROLS: Readonly<Record<number, 'ack' | 'nak' | 'eot'>> = { 0x06: 'ack', 0x15: 'nak', 0x04: 'eot' };

/** Cuts the host's bytes into controls and frames; bytes between frames are noise. */
export class MisReceiver {
  #rest: Uint8Array = new Uint8Array();

  push(bytes: Uint8Array): MisInput[] {
    this.#rest = Uint8Array.from([...this.#rest, ...bytes]);
    const inputs: MisInput[] = [];
    while (this.#rest.length > 0) {
      const first = this.#rest[0] ?? 0;
      if (first !== STX) {
        const control = CONTROLS[first];
        if (control) inputs.push({ kind: control });
        this.#rest = this.#rest.slice(1);
        continue;
      }
      const length = frameLength(this.#rest);
      if (length === undefined || this.#rest.length < length) break;
      inputs.push(openFrame(this.#rest.subarray(0, length)));
      this.#rest = this.#rest.slice(length);
    }
    return inputs;
  }

  reset(): void {
    this.#rest = new Uint8Array();
  }
}

/** A length that cannot be is taken as a frame of three bytes, so that the next STX is found. */
function frameLength(bytes: Uint8Array): number | undefined {
  const [, high, low] = bytes;
  if (high === undefined || low === undefined) return undefined;
  const data = Number(hex(bytes.subarray(1, 3)));
  return Number.isInteger(data) && data <= MAX_DATA_BYTES ? data + 5 : 3;
}

function openFrame(frame: Uint8Array): MisInput {
  const lrc = xor(frame.subarray(1, -1));
  if (frame.length < 5 || frame.at(-2) !== ETX || frame.at(-1) !== lrc) return { kind: 'damaged' };
  const fields = readTlv(frame.subarray(3, -2));
  return fields ? { kind: 'frame', fields, hex: hex(frame) } : { kind: 'damaged' };
}

/** Undefined when a length reaches past the end. */
export function readTlv(data: Uint8Array): Tlv[] | undefined {
  const fields: Tlv[] = [];
  let offset = 0;
  while (offset < data.length) {
    const [high, low, first] = data.subarray(offset, offset + 3);
    if (high === undefined || low === undefined || first === undefined) return undefined;
    const extra = first > 0x80 ? first - 0x80 : 0;
    if (extra > 2) return undefined;
    const start = offset + 3 + extra;
    const length = extra === 0 ? first : Number(`0x${hex(data.subarray(offset + 3, start)) || '0'}`);
    if (start + length > data.length) return undefined;
    fields.push({ tag: high * 256 + low, value: data.slice(start, start + length) });
    offset = start + length;
  }
  return fields;
}

export function writeTlv(tag: number, value: Uint8Array): Uint8Array {
  const { length } = value;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Uint8Array.of(tag >> 8, tag & 0xff, ...head, ...value);
}

export function sealFrame(fields: readonly Uint8Array[]): Uint8Array {
  const data = Uint8Array.from(fields.flatMap((field) => [...field]));
  const length = bcd(String(data.length), 2);
  const body = Uint8Array.of(...length, ...data, ETX);
  return Uint8Array.of(STX, ...body, xor(body));
}

/** Digits as BCD, right-aligned in `bytes` bytes. */
export function bcd(digits: string, bytes: number): Uint8Array {
  return Uint8Array.from(Buffer.from(digits.padStart(bytes * 2, '0'), 'hex'));
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

function xor(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum ^ byte, 0);
}

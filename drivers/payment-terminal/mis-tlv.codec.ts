/**
 * Frames and TLV of the MIS/ECR serial protocol (device-protocols 5.1): STX, length of the data as two BCD bytes, TLV data,
 * ETX, LRC over everything between STX and LRC. Pure, and safe on any bytes.
 */
export interface Tlv {
  /** Two bytes, e.g. 0xdf04. */
  readonly tag: number;
  readonly value: Uint8Array;
}

export type MisEvent =
  | { readonly kind: 'ack' }
  | { readonly kind: 'nak' }
  | { readonly kind: 'eot' }
  | { readonly kind: 'frame'; readonly fields: readonly Tlv[] }
  /** A whole frame whose LRC or content is wrong: the sender should send it again. */
  | { readonly kind: 'damaged' }
  /** Bytes that belong to no frame; while these come, a lone NAK proves nothing. */
  | { readonly kind: 'garbage' };

const STX = 0x02;
const ETX = 0x03;
const CONTROLS: ReadonlyMap<number, 'ack' | 'nak' | 'eot'> = new Map([
  [0x06, 'ack'],
  [0x15, 'nak'],
  [0x04, 'eot'],
]);
const MAX_FRAME_BYTES = 1_024;
/** STX, two of length, ETX, LRC. */
const FRAME_OVERHEAD_BYTES = 5;
const HEADER_BYTES = 3;

export const ACK: Uint8Array = Uint8Array.of(0x06);
export const NAK: Uint8Array = Uint8Array.of(0x15);

/** Throws on data that does not fit a frame: that is a mistake of ours, never of the wire. */
export function encodeFrame(fields: readonly Tlv[]): Uint8Array {
  const data = fields.flatMap(encodeTlv);
  if (data.length + FRAME_OVERHEAD_BYTES > MAX_FRAME_BYTES) throw new RangeError(`MIS data of ${data.length} bytes`);
  const sealed = [toBcd(Math.floor(data.length / 100)), toBcd(data.length % 100), ...data, ETX];
  return Uint8Array.from([STX, ...sealed, lrc(sealed)]);
}

function encodeTlv({ tag, value }: Tlv): number[] {
  return [tag >> 8, tag & 0xff, ...encodeLength(value.length), ...value];
}

function encodeLength(length: number): number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  return [0x82, length >> 8, length & 0xff];
}

/** The fields in order, or `undefined` when the bytes are no well-formed TLV. */
export function decodeTlv(data: Uint8Array): Tlv[] | undefined {
  const fields: Tlv[] = [];
  let at = 0;
  while (at < data.length) {
    const [high, low] = data.subarray(at, at + 2);
    const length = decodeLength(data, at + 2);
    if (high === undefined || low === undefined || !length) return undefined;
    const end = length.next + length.value;
    if (end > data.length) return undefined;
    fields.push({ tag: (high << 8) | low, value: data.slice(length.next, end) });
    at = end;
  }
  return fields;
}

function decodeLength(data: Uint8Array, at: number): { value: number; next: number } | undefined {
  const [first, second, third] = data.subarray(at, at + 3);
  if (first === undefined) return undefined;
  if (first < 0x80) return { value: first, next: at + 1 };
  if (first === 0x81 && second !== undefined) return { value: second, next: at + 2 };
  if (first === 0x82 && second !== undefined && third !== undefined) {
    return { value: (second << 8) | third, next: at + 3 };
  }
  return undefined;
}

/** One step: an event and the bytes it took; `undefined` when more bytes are needed. */
type Step = { readonly event: MisEvent; readonly taken: number } | undefined;

export class MisDecoder {
  #rest: Uint8Array = new Uint8Array();
  /** Bytes from here on were inside a false frame: a control byte among them was data, not an answer. */
  #suspectBytes = 0;

  push(chunk: Uint8Array): MisEvent[] {
    this.#rest = Uint8Array.from([...this.#rest, ...chunk]);
    return this.#drain();
  }

  get pendingBytes(): number {
    return this.#rest.length;
  }

  /** A frame has begun and is not complete. */
  get isInsideFrame(): boolean {
    return this.#rest.length > 0;
  }

  /** The line is quiet although a frame is unfinished: its STX was noise. What stands behind it is looked at again. */
  giveUpFrame(): MisEvent[] {
    const events: MisEvent[] = [];
    while (this.#rest.length > 0) {
      this.#take(1);
      this.#suspectBytes = this.#rest.length;
      events.push({ kind: 'garbage' }, ...this.#drain());
    }
    return events;
  }

  reset(): void {
    this.#rest = new Uint8Array();
    this.#suspectBytes = 0;
  }

  #drain(): MisEvent[] {
    const events: MisEvent[] = [];
    for (let step = this.#step(); step; step = this.#step()) {
      if (step.event.kind !== 'garbage' || events.at(-1)?.kind !== 'garbage') events.push(step.event);
      this.#take(step.taken);
    }
    return events;
  }

  #take(count: number): void {
    this.#rest = this.#rest.subarray(count);
    this.#suspectBytes = Math.max(0, this.#suspectBytes - count);
  }

  #step(): Step {
    const [first] = this.#rest;
    if (first === undefined) return undefined;
    if (first === STX) return this.#frame();
    const control = this.#suspectBytes > 0 ? undefined : CONTROLS.get(first);
    return { event: { kind: control ?? 'garbage' }, taken: 1 };
  }

  #frame(): Step {
    const [, high, low] = this.#rest;
    if (high === undefined) return undefined;
    const hundreds = fromBcd(high);
    if (hundreds === undefined || hundreds * 100 + FRAME_OVERHEAD_BYTES > MAX_FRAME_BYTES) return this.#falseStart();
    if (low === undefined) return undefined;
    const units = fromBcd(low);
    if (units === undefined) return this.#falseStart();
    const length = hundreds * 100 + units;
    if (length + FRAME_OVERHEAD_BYTES > MAX_FRAME_BYTES) return this.#falseStart();
    const end = HEADER_BYTES + length;
    if (this.#rest.length < end + 2) return undefined;
    if (this.#rest[end] !== ETX) return this.#falseStart();
    const taken = end + 2;
    const isSealed = lrc(this.#rest.subarray(1, end + 1)) === this.#rest[end + 1];
    const fields = isSealed ? decodeTlv(this.#rest.subarray(HEADER_BYTES, end)) : undefined;
    if (fields) return { event: { kind: 'frame', fields }, taken };
    // Damaged, or a false start whose length happened to end at an ETX: a good frame may stand inside.
    this.#suspectBytes = this.#rest.length;
    return { event: { kind: 'damaged' }, taken: 1 };
  }

  /** This STX began no frame; the bytes that seemed to follow it are read anew, but not as controls. */
  #falseStart(): Step {
    this.#suspectBytes = this.#rest.length;
    return { event: { kind: 'garbage' }, taken: 1 };
  }
}

function lrc(bytes: Iterable<number>): number {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
}

function toBcd(value: number): number {
  return (Math.floor(value / 10) << 4) | (value % 10);
}

function fromBcd(byte: number): number | undefined {
  const tens = byte >> 4;
  const units = byte & 0x0f;
  return tens > 9 || units > 9 ? undefined : tens * 10 + units;
}

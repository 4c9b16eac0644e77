/**
 * Frames of the security module of ID-card readers (device-protocols 1.2, 1.3): `AA AA AA 96 69`, two bytes of length, that
 * many bytes, the last of them the XOR of all from the length on. Framed by the length, never by idle gaps.
 */

export const PREAMBLE = Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x69);
/** Preamble and length. */
export const HEADER_BYTES = 7;
/** Command, parameter, checksum. The shortest answer is one longer. */
export const MIN_LENGTH = 3;
/** The longest answer known is 2314; several appended addresses make it longer, by how much nobody has said. */
export const MAX_LENGTH = 4_096;

export type SamEvent =
  /** What stands between length and checksum: CMD, Para, data of a question, or SW1 to SW3, data of an answer. */
  | { readonly kind: 'frame'; readonly payload: Uint8Array }
  | { readonly kind: 'damaged'; readonly reason: 'length' | 'checksum' };

export function sealFrame(payload: Uint8Array): Uint8Array {
  const length = payload.length + 1;
  const frame = Uint8Array.of(...PREAMBLE, length >> 8, length & 0xff, ...payload, 0);
  frame[frame.length - 1] = xorOf(frame, PREAMBLE.length, frame.length - 1);
  return frame;
}

/** First place from `from` on where a whole preamble stands, or the beginning of one at the end; `end` when there is none. */
export function findPreamble(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    let matched = 0;
    while (matched < PREAMBLE.length && at + matched < end && bytes[at + matched] === PREAMBLE[matched]) matched += 1;
    if (matched === PREAMBLE.length || at + matched === end) return at;
  }
  return end;
}

export function xorOf(bytes: Uint8Array, from: number, end: number): number {
  let sum = 0;
  for (let at = from; at < end; at += 1) sum ^= bytes[at] ?? 0;
  return sum;
}

/**
 * Bytes in any pieces to frames. A frame that proves damaged is searched for another one inside it, so that a length spoilt
 * upwards swallows nothing for good. Its buffer is blanked behind it: what passes through is personal.
 */
export class SamDecoder {
  /** Bytes outside of any frame; zeros are padding and do not count. */
  noiseBytes = 0;
  damagedFrames = 0;
  readonly #buffer: Uint8Array;
  #length = 0;

  /** `buffer` of at least the longest frame; a parameter so that a test can see that nothing stays in it. */
  constructor(buffer: Uint8Array = new Uint8Array(HEADER_BYTES + MAX_LENGTH)) {
    this.#buffer = buffer;
  }

  get pendingBytes(): number {
    return this.#length;
  }

  push(chunk: Uint8Array): SamEvent[] {
    const events: SamEvent[] = [];
    for (let at = 0; at < chunk.length;) {
      const taken = chunk.subarray(at, at + this.#buffer.length - this.#length);
      this.#buffer.set(taken, this.#length);
      this.#length += taken.length;
      at += taken.length;
      this.#extract(events);
    }
    return events;
  }

  /** Forgets an unfinished frame. */
  reset(): void {
    this.#buffer.fill(0, 0, this.#length);
    this.#length = 0;
  }

  #extract(events: SamEvent[]): void {
    let at = 0;
    for (;;) {
      const start = findPreamble(this.#buffer, at, this.#length);
      this.#countNoise(at, start);
      at = start;
      if (this.#length - at < HEADER_BYTES) break;
      const length = ((this.#buffer[at + 5] ?? 0) << 8) | (this.#buffer[at + 6] ?? 0);
      const end = at + HEADER_BYTES + length;
      const isPossible = length >= MIN_LENGTH && length <= MAX_LENGTH;
      if (isPossible && end > this.#length) break;
      if (isPossible && xorOf(this.#buffer, at + PREAMBLE.length, end) === 0) {
        events.push({ kind: 'frame', payload: this.#buffer.slice(at + HEADER_BYTES, end - 1) });
        at = end;
        continue;
      }
      this.damagedFrames += 1;
      events.push({ kind: 'damaged', reason: isPossible ? 'checksum' : 'length' });
      at += 1;
    }
    this.#consume(at);
  }

  #consume(count: number): void {
    this.#buffer.copyWithin(0, count, this.#length);
    this.#buffer.fill(0, this.#length - count, this.#length);
    this.#length -= count;
  }

  #countNoise(from: number, end: number): void {
    for (let at = from; at < end; at += 1) if (this.#buffer[at] !== 0) this.noiseBytes += 1;
  }
}

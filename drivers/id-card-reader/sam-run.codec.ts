/** A run of bytes that is at hand as a whole, not as a stream: whole frames, and what is wrong at which byte if it is not. */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { findPreamble, HEADER_BYTES, MAX_LENGTH, MIN_LENGTH, PREAMBLE, xorOf } from './sam-frame.codec.ts';

export interface FoundFrame {
  readonly start: number;
  /** Behind the checksum. */
  readonly end: number;
  readonly payload: Uint8Array;
}

/** `device.garbage` with the place for a frame that does not stand at `start` in full. */
export function frameAt(bytes: Uint8Array, start: number): Result<FoundFrame> {
  const length = lengthAt(bytes, start);
  if (!length.ok) return length;
  const end = start + HEADER_BYTES + length.value;
  if (end > bytes.length) return garbage(bytes.length, `cut off, ${end - bytes.length} bytes are missing`);
  const sum = xorOf(bytes, start + PREAMBLE.length, end - 1);
  const said = bytes[end - 1] ?? 0;
  if (sum !== said) return garbage(end - 1, `checksum ${hex2(said)}, the bytes give ${hex2(sum)}`);
  return ok({ start, end, payload: bytes.subarray(start + HEADER_BYTES, end - 1) });
}

/** The length field of a frame that begins at `start`. */
export function lengthAt(bytes: Uint8Array, start: number): Result<number> {
  const differs = PREAMBLE.findIndex((byte, index) => bytes[start + index] !== byte);
  if (differs >= 0) return garbage(Math.min(start + differs, bytes.length), 'no preamble AAAAAA9669');
  if (start + HEADER_BYTES > bytes.length) return garbage(bytes.length, 'cut off before the length');
  const length = ((bytes[start + 5] ?? 0) << 8) | (bytes[start + 6] ?? 0);
  if (length < MIN_LENGTH || length > MAX_LENGTH) return garbage(start + 5, `impossible length ${length}`);
  return ok(length);
}

/**
 * The next frame from `from` on. Before it may stand noise, as the sheet warns (1.12); what looks like the rest of a broken
 * preamble is damage.
 */
export function nextFrame(bytes: Uint8Array, from: number): Result<FoundFrame> {
  const start = findPreamble(bytes, from, bytes.length);
  if (bytes.length - start < PREAMBLE.length) return garbage(from, 'no preamble AAAAAA9669');
  for (let at = from; at + 1 < start; at += 1) {
    if (bytes[at] === PREAMBLE[3] && bytes[at + 1] === PREAMBLE[4])
      return garbage(at, 'a preamble without its beginning');
  }
  return frameAt(bytes, start);
}

export function garbage(at: number, why: string): Result<never> {
  return fail('device.garbage', `byte ${at}: ${why}`);
}

export function hex2(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}

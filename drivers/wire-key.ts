/**
 * One protocol as a person with a line of hex meets it: bytes to meaning, in either direction, and back where that makes
 * sense. Every class lists its protocols as `WIRE_KEYS`; `drivers/wire-keys.ts` is the one table of all of them.
 */
import type { Result } from '../contract/outcome.schema.ts';

/** Plain JSON. */
export type Meaning =
  string | number | boolean | null | readonly Meaning[] | { readonly [name: string]: Meaning | undefined };

export type WireDirection = 'toDevice' | 'fromDevice';

export interface WireKey {
  /** As in the worked frames of the protocol sheet: `idcard-sam`, `printer-escpos`. */
  readonly key: string;
  /** One line: protocol and section of device-protocols. */
  readonly protocol: string;
  /**
   * The meaning of one whole frame (or run of frames) of either direction. `device.garbage` with what is wrong and at
   * which byte for anything else: never throws, never guesses, never reads past the end.
   */
  decode(bytes: Uint8Array): Result<Meaning>;
  /** The bytes of a meaning that `decode` gave; absent for protocols that only come in. */
  encode?(meaning: unknown): Result<Uint8Array>;
  /** The same bytes with every personal field blanked, for recordings; absent when the wire carries nothing personal. */
  mask?(direction: WireDirection, bytes: Uint8Array): Uint8Array;
  /** The stream decoder of the driver, for fuzzing: any chunking, bounded rest. Absent where a frame is a chunk. */
  stream?(): { push(chunk: Uint8Array): readonly unknown[]; readonly pendingBytes: number };
}

/** What every dialect's state answer comes down to: one bit a lock, whose meaning the wiring decides. */
export interface BoardState {
  /** Address of the board, as on the wire. */
  readonly board: number;
  /** The lock of the first bit, as on the wire. */
  readonly firstLock: number;
  readonly bits: readonly boolean[];
  /** Infrared presence of the same locks, where the board reports it. */
  readonly presence?: readonly boolean[];
}

/** Eight locks a byte, the lowest bit first. */
export function bitsOf(bytes: Iterable<number>): boolean[] {
  return [...bytes].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => ((byte >> bit) & 1) === 1));
}

/** The inverse of `bitsOf`. */
export function bytesOfBits(bits: readonly boolean[], byteCount: number): number[] {
  return Array.from({ length: byteCount }, (_, byte) =>
    bits.slice(byte * 8, byte * 8 + 8).reduce((sum, isSet, bit) => sum | (isSet ? 1 << bit : 0), 0),
  );
}

/** Bytes from hex and from ASCII, and a buffer that grows. */

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/** An array of numbers with a spread for each piece is ten times as slow. */
export class ByteWriter {
  #bytes = new Uint8Array(1_024);
  #length = 0;

  put(piece: Uint8Array | readonly number[]): void {
    this.#makeRoom(piece.length);
    this.#bytes.set(piece, this.#length);
    this.#length += piece.length;
  }

  /** Lets `write` put at most `most` bytes where it is told; it says how many, below 0 for none. Tells whether it wrote. */
  fill(most: number, write: (target: Uint8Array, at: number) => number): boolean {
    this.#makeRoom(most);
    const written = write(this.#bytes, this.#length);
    this.#length += Math.max(0, written);
    return written >= 0;
  }

  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #makeRoom(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

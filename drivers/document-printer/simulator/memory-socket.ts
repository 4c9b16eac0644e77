/** A socket without a network, for node:http on either side of a wire of bytes. */
import { Duplex } from 'node:stream';

export class MemorySocket extends Duplex {
  readonly #out: (bytes: Uint8Array) => void;

  /** `out` takes what is written; what comes from the wire goes in by `push`. */
  constructor(out: (bytes: Uint8Array) => void) {
    super({ allowHalfOpen: false });
    this.#out = out;
    // A socket that goes while somebody writes is what a wire does; whoever waits hears of it by `close`.
    this.on('error', () => this.destroy());
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#out(Uint8Array.from(chunk));
    callback();
  }

  // What node:http asks of a socket and a wire in memory does not have.
  setTimeout(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

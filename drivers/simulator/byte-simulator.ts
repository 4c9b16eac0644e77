/** The other end of a wire, without the wire: bytes in, bytes out, and faults a person can switch. */
export interface ByteSimulator {
  feed(bytes: Uint8Array): void;
  /** Calls back with each piece of output; returns the way to stop. */
  onOutput(listener: (bytes: Uint8Array) => void): () => void;
  /** Calls back when a fault wants the wire cut; whoever holds the wire closes it. */
  onHangUp(listener: () => void): () => void;
  /** The host is on the wire. */
  connected(): void;
  /** The host is gone; a half-received frame is forgotten, work in hand goes on as in the real device. */
  disconnected(): void;
}

/** A set of listeners that can be called and left. */
export class Listeners<Argument> {
  readonly #listeners = new Set<(argument: Argument) => void>();

  add(listener: (argument: Argument) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  call(argument: Argument): void {
    for (const listener of [...this.#listeners]) listener(argument);
  }
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

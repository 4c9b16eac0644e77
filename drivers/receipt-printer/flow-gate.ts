/** Software flow control as the printer asks for it: XOFF while its buffer is nearly full, XON when there is room again. */
import type { PrinterEvent } from './escpos-status.codec.ts';

export class FlowGate {
  #isOpen = true;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  hear(event: PrinterEvent): void {
    if (event.kind === 'flow') this.#isOpen = event.go;
  }

  /** The wire is new, or the printer works although its XON never came. */
  open(): void {
    this.#isOpen = true;
  }
}

/** On a serial wire the slip goes in pieces, no faster than the wire, so that an XOFF stops it within one piece. */
export interface Pace {
  readonly pieceBytes: number;
  /** How long one piece is on the wire. */
  readonly pieceMs: number;
}

const PIECE_BYTES = 64;
const BITS_PER_BYTE = 10;

export function paceOf(baudRate: number): Pace {
  return { pieceBytes: PIECE_BYTES, pieceMs: Math.ceil((PIECE_BYTES * BITS_PER_BYTE * 1_000) / baudRate) };
}

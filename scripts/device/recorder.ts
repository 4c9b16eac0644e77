/**
 * From what passes on a wire to what may be kept. A personal field can only be blanked where it is understood, and a frame may
 * come in pieces: so bytes are held until a protocol reads them whole, and what none reads is kept as a length.
 */
import type { RecordedBytes } from '../../drivers/link/recording.ts';
import type { WireKey } from '../../drivers/wire-key.ts';
import type { RecordedEntry, RecordingHeader } from './recording-file.ts';

type Direction = RecordedBytes['direction'];

interface Held {
  readonly bytes: Uint8Array;
  readonly lastMs: number;
}

/** A frame whose pieces come slower than this is none. */
const HOLD_MS = 1_000;
const HOLD_BYTES = 4_096;
/** The beginning of a next frame at the end of a piece; longer beginnings wait for their rest. */
const MAX_TAIL_BYTES = 9;

export interface RecorderOptions {
  readonly keys: readonly WireKey[];
  readonly bytes: RecordingHeader['bytes'];
  /** Of the recording's beginning, on the clock of what is put in. */
  readonly startedMs: number;
  keep(entry: RecordedEntry): void;
}

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #held: Partial<Record<Direction, Held>> = {};

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  put({ atMs, direction, hex }: RecordedBytes): void {
    const { bytes: how } = this.#options;
    if (how === 'plain') return this.#keepHex(atMs, direction, hex);
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
    if (how === 'lengths') return this.#keepLength(atMs, direction, bytes.length);
    // What the other side holds came before; the order of the file is the order on the wire.
    this.#release(direction === 'toDevice' ? 'fromDevice' : 'toDevice');
    if (this.#isStale(direction, atMs)) this.#release(direction);
    const held = this.#held[direction]?.bytes ?? new Uint8Array();
    this.#held[direction] = { bytes: Uint8Array.from([...held, ...bytes]), lastMs: atMs };
    this.#read(direction);
    if ((this.#held[direction]?.bytes.length ?? 0) > HOLD_BYTES) this.#release(direction);
  }

  #isStale(direction: Direction, atMs: number): boolean {
    const held = this.#held[direction];
    return held !== undefined && atMs - held.lastMs > HOLD_MS;
  }

  end(): void {
    this.#release('toDevice');
    this.#release('fromDevice');
  }

  /** Keeps the longest part from the start that a protocol reads whole, up to a short tail. */
  #read(direction: Direction): void {
    const held = this.#held[direction];
    if (!held) return;
    for (let tail = 0; tail <= MAX_TAIL_BYTES && tail < held.bytes.length; tail += 1) {
      const whole = held.bytes.slice(0, held.bytes.length - tail);
      const masked = this.#masked(direction, whole);
      if (!masked) continue;
      this.#keepHex(held.lastMs, direction, Buffer.from(masked).toString('hex').toUpperCase());
      if (tail === 0) delete this.#held[direction];
      else this.#held[direction] = { ...held, bytes: held.bytes.slice(-tail) };
      return;
    }
  }

  #masked(direction: Direction, bytes: Uint8Array): Uint8Array | undefined {
    for (const key of this.#options.keys) {
      const masked = key.decode(bytes).ok ? key.mask?.(direction, bytes) : undefined;
      if (masked) return masked;
    }
    return undefined;
  }

  #release(direction: Direction): void {
    const held = this.#held[direction];
    if (!held) return;
    delete this.#held[direction];
    this.#keepLength(held.lastMs, direction, held.bytes.length);
  }

  #keepHex(atMs: number, direction: Direction, hex: string): void {
    this.#options.keep({ atMs: this.#since(atMs), direction, hex });
  }

  #keepLength(atMs: number, direction: Direction, byteCount: number): void {
    if (byteCount > 0) this.#options.keep({ atMs: this.#since(atMs), direction, byteCount });
  }

  #since(atMs: number): number {
    return Math.max(0, Math.round((atMs - this.#options.startedMs) * 10) / 10);
  }
}

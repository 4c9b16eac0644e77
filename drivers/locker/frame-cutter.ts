/** Cuts a stream of bytes into frames by what each dialect says of its beginning; a wrong beginning costs one byte. */

/** What stands at the beginning of some bytes. `at` counts from there. */
export type Reading<Frame> =
  | { readonly kind: 'frame'; readonly frame: Frame; readonly length: number }
  /** So far it could be a frame; more bytes decide. */
  | { readonly kind: 'short' }
  | { readonly kind: 'fault'; readonly reason: string; readonly at: number };

/** Reads the frame that begins with the first byte; never looks past the end. */
export type ReadFrame<Frame> = (bytes: Uint8Array) => Reading<Frame>;

export class FrameCutter<Frame> {
  /** Bytes that belonged to no frame. */
  garbageBytes = 0;
  readonly #read: ReadFrame<Frame>;
  #rest: Uint8Array = new Uint8Array();

  constructor(read: ReadFrame<Frame>) {
    this.#read = read;
  }

  /** Never more than one unfinished frame. */
  get pendingBytes(): number {
    return this.#rest.length;
  }

  push(chunk: Uint8Array): Frame[] {
    const bytes = Uint8Array.from([...this.#rest, ...chunk]);
    const frames: Frame[] = [];
    let at = 0;
    while (at < bytes.length) {
      const reading = this.#read(bytes.subarray(at));
      if (reading.kind === 'short') break;
      if (reading.kind === 'frame') frames.push(reading.frame);
      else this.garbageBytes += 1;
      at += reading.kind === 'frame' ? reading.length : 1;
    }
    this.#rest = bytes.slice(at);
    return frames;
  }

  reset(): void {
    this.#rest = new Uint8Array();
  }
}

export function fault(at: number, reason: string): { kind: 'fault'; reason: string; at: number } {
  return { kind: 'fault', reason, at };
}

export function hexByte(byte: number | undefined): string {
  return byte === undefined ? 'nothing' : byte.toString(16).toUpperCase().padStart(2, '0');
}

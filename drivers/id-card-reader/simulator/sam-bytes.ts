/** Frames as the sheet draws them (device-protocols 1.2, 1.3), for the device's side. */

const PREAMBLE = [0xaa, 0xaa, 0xaa, 0x96, 0x69];

export type HostFrame =
  | { readonly kind: 'command'; readonly cmd: number; readonly para: number; readonly data: Uint8Array }
  | { readonly kind: 'badChecksum' }
  | { readonly kind: 'badLength' };

/** `AA AA AA 96 69`, length, `00 00` and the status, data, XOR. */
export function answerFrame(status: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  const length = 4 + data.length;
  const body = [length >> 8, length & 0xff, 0, 0, status, ...data];
  return Uint8Array.of(...PREAMBLE, ...body, xor(body));
}

/** Reads what the host writes. A host frame is ten bytes; a longer one that never ends is a bad length. */
export class HostFrameReader {
  #bytes: number[] = [];

  reset(): void {
    this.#bytes = [];
  }

  push(chunk: Uint8Array): HostFrame[] {
    const frames: HostFrame[] = [];
    for (const byte of chunk) {
      this.#bytes.push(byte);
      this.#hunt();
      const frame = this.#take();
      if (frame) frames.push(frame);
    }
    return frames;
  }

  /** Drops what cannot be the beginning of a frame. */
  #hunt(): void {
    while (this.#bytes.some((byte, at) => at < PREAMBLE.length && byte !== PREAMBLE[at])) this.#bytes.shift();
  }

  #take(): HostFrame | undefined {
    const bytes = this.#bytes;
    if (bytes.length < 7) return undefined;
    const length = (bytes[5] ?? 0) * 256 + (bytes[6] ?? 0);
    if (length < 3 || length > 64) {
      this.reset();
      return { kind: 'badLength' };
    }
    if (bytes.length < 7 + length) return undefined;
    this.reset();
    const body = bytes.slice(5, -1);
    if (xor(body) !== bytes.at(-1)) return { kind: 'badChecksum' };
    const [, , cmd = 0, para = 0, ...data] = body;
    return { kind: 'command', cmd, para, data: Uint8Array.from(data) };
  }
}

function xor(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum ^ byte, 0);
}

/**
 * How the strings of the DLL travel. The DLL is a library call, so the sheet has no frame; ours is the generic one of its
 * section 5: `02 | string | 03 | XOR of the string and 03`. Whoever writes the bridge to a site's DLL must speak it.
 */
import { DLL_RESPONSE_BYTES, type DLL_REQUEST_BYTES } from './mis-dll.codec.ts';

const STX = 0x02;
const ETX = 0x03;
/** STX, ETX and the check. */
export const BRIDGE_OVERHEAD_BYTES = 3;

export function frameForBridge(text: Uint8Array): Uint8Array {
  return Uint8Array.of(STX, ...text, ETX, checkOf(text));
}

/** The strings in a stream, of one width; a wrong beginning costs one byte, a damaged frame is counted. */
export class BridgeDecoder {
  damaged = 0;
  readonly #width: number;
  #rest: Uint8Array = new Uint8Array();

  constructor(width: typeof DLL_REQUEST_BYTES | typeof DLL_RESPONSE_BYTES = DLL_RESPONSE_BYTES) {
    this.#width = width;
  }

  get pendingBytes(): number {
    return this.#rest.length;
  }

  push(chunk: Uint8Array): Uint8Array[] {
    const bytes = Uint8Array.from([...this.#rest, ...chunk]);
    const texts: Uint8Array[] = [];
    const size = this.#width + BRIDGE_OVERHEAD_BYTES;
    let at = 0;
    while (at < bytes.length) {
      if (bytes[at] !== STX) {
        at += 1;
        continue;
      }
      if (bytes.length - at < size) break;
      const text = textOf(bytes.subarray(at, at + size));
      if (text) texts.push(text);
      else this.damaged += 1;
      at += text ? size : 1;
    }
    this.#rest = bytes.slice(at);
    return texts;
  }

  reset(): void {
    this.#rest = new Uint8Array();
  }
}

/** The string of one whole frame; undefined when it is damaged. */
export function textOf(frame: Uint8Array): Uint8Array | undefined {
  const text = frame.slice(1, -2);
  const isWhole = frame[0] === STX && frame.at(-2) === ETX && frame.at(-1) === checkOf(text);
  return isWhole ? text : undefined;
}

function checkOf(text: Uint8Array): number {
  return text.reduce((sum, byte) => sum ^ byte, ETX);
}

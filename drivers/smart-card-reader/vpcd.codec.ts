/** vpcd framing: two bytes of length, big-endian, then the payload, the same both ways (device-protocols 2.7). */

/** Payloads of one byte are controls; power and reset have no answer. */
export const VPCD_POWER_OFF = 0x00;
export const VPCD_POWER_ON = 0x01;
export const VPCD_GET_ATR = 0x04;

/** 256 bytes of data and a status word: no short command has a longer answer. */
const MAX_PAYLOAD_BYTES = 258;

/** Header and payload in one piece: as two segments, Nagle and delayed acknowledgement cost 44 ms a command. */
export function encodeVpcd(payload: Uint8Array): Uint8Array {
  return Uint8Array.of(payload.length >> 8, payload.length & 0xff, ...payload);
}

export class VpcdDecoder {
  #rest: Uint8Array = new Uint8Array();

  /**
   * The payloads completed by this chunk. `isBroken`: a length of zero or beyond any answer; there is no way back into step
   * and the card has to be dropped.
   */
  push(chunk: Uint8Array): { readonly payloads: readonly Uint8Array[]; readonly isBroken: boolean } {
    this.#rest = Uint8Array.of(...this.#rest, ...chunk);
    const payloads: Uint8Array[] = [];
    let at = 0;
    for (;;) {
      const high = this.#rest[at];
      const low = this.#rest[at + 1];
      if (high === undefined || low === undefined) break;
      const length = (high << 8) | low;
      if (length === 0 || length > MAX_PAYLOAD_BYTES) return { payloads, isBroken: true };
      if (this.#rest.length < at + 2 + length) break;
      payloads.push(this.#rest.slice(at + 2, at + 2 + length));
      at += 2 + length;
    }
    this.#rest = this.#rest.slice(at);
    return { payloads, isBroken: false };
  }
}

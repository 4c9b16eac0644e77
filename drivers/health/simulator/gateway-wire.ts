/** The gateway's side of the framing in the README: A5, channel, length, payload, CRC-16/XMODEM. */
export interface GatewayMessage {
  /** 1 value, 2 setup, 3 state. */
  readonly channel: number;
  readonly payload: Uint8Array;
}

export function gatewayMessage(channel: number, payload: Uint8Array): Uint8Array {
  const body = [channel, payload.length, ...payload];
  const check = xmodem(body);
  return Uint8Array.from([0xa5, ...body, check >> 8, check & 0xff]);
}

export class GatewayReceiver {
  #bytes: number[] = [];

  forget(): void {
    this.#bytes = [];
  }

  push(bytes: Uint8Array): GatewayMessage[] {
    this.#bytes.push(...bytes);
    const messages: GatewayMessage[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) {
      const isWhole =
        frame.length > 0 && xmodem(frame.slice(1, -2)) === ((frame.at(-2) ?? 0) << 8) + (frame.at(-1) ?? 0);
      if (isWhole) messages.push({ channel: frame[1] ?? 0, payload: Uint8Array.from(frame.slice(3, -2)) });
      this.#bytes.splice(0, isWhole ? frame.length : 1);
    }
    return messages;
  }

  /** What may be a frame; empty when none can begin here, undefined when more must come. */
  #next(): number[] | undefined {
    const start = this.#bytes.indexOf(0xa5);
    this.#bytes.splice(0, start < 0 ? this.#bytes.length : start);
    const [, channel, length] = this.#bytes;
    if (channel === undefined || length === undefined) return undefined;
    if (channel < 1 || channel > 3 || length > 64) return [];
    return this.#bytes.length < length + 5 ? undefined : this.#bytes.slice(0, length + 5);
  }
}

function xmodem(bytes: readonly number[]): number {
  let register = 0;
  for (const byte of bytes) {
    for (let mask = 0x80; mask > 0; mask >>= 1) {
      const isOut = ((register & 0x8000) !== 0) !== ((byte & mask) !== 0);
      register = (register << 1) & 0xffff;
      if (isOut) register ^= 0x1021;
    }
  }
  return register;
}

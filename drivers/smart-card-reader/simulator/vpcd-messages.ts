/** vpcd framing at the card's end (device-protocols 2.7): two bytes of length, big-endian, then a control or a command. */
export class VpcdMessages {
  #rest: Uint8Array = new Uint8Array();

  /** The messages completed by these bytes; undefined after an empty one, which breaks the connection off. */
  push(bytes: Uint8Array): readonly Uint8Array[] | undefined {
    this.#rest = Uint8Array.from([...this.#rest, ...bytes]);
    const messages: Uint8Array[] = [];
    while (this.#rest.length >= 2) {
      const length = (this.#rest[0] ?? 0) * 256 + (this.#rest[1] ?? 0);
      if (length === 0) return undefined;
      if (this.#rest.length < 2 + length) break;
      messages.push(this.#rest.slice(2, 2 + length));
      this.#rest = this.#rest.slice(2 + length);
    }
    return messages;
  }

  reset(): void {
    this.#rest = new Uint8Array();
  }
}

/** Length and body in one piece: two writes would wait for each other's acknowledgement on a slow stack. */
export function framed(body: Uint8Array): Uint8Array {
  return Uint8Array.of(body.length >> 8, body.length & 0xff, ...body);
}

export const CONTROL = { powerOff: 0x00, powerOn: 0x01, reset: 0x02, getAtr: 0x04 } as const;

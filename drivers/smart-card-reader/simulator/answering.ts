/** How data leaves a card: whole, cut by Le, or with the manners of T=0 (`61 xx`, GET RESPONSE, `6C xx`; device-protocols 2.1). */
import { readApdu, SW, type Answer, type Apdu } from './apdu-in.ts';

export class Answering {
  /** Answers as cards with T=0 do: `61 xx` and GET RESPONSE after a command with data, `6C xx` for a wrong Le. */
  isT0 = false;
  #waiting: Uint8Array | undefined;

  reset(): void {
    this.#waiting = undefined;
  }

  /** One command, one answer of at least two bytes. */
  exchange(bytes: Uint8Array, obey: (apdu: Apdu) => Answer): Uint8Array {
    const apdu = readApdu(bytes);
    if (!apdu) return Uint8Array.of(...SW.wrongLength);
    if (apdu.cla === 0x00 && apdu.ins === 0xc0) return this.#giveWaiting(apdu);
    this.#waiting = undefined;
    const answer = obey(apdu);
    return 'status' in answer ? Uint8Array.of(...answer.status) : this.#give(answer.data, apdu);
  }

  #give(data: Uint8Array, { le, data: input, cla }: Apdu): Uint8Array {
    if (!this.isT0) {
      // purse commands answer in full, with Le or without
      const given = le === 0 || (le === undefined && cla === 0x80) ? data : data.subarray(0, le ?? 0);
      return Uint8Array.of(...given, ...SW.ok);
    }
    if (data.length === 0) return Uint8Array.of(...SW.ok);
    if (input.length > 0) {
      this.#waiting = data;
      return Uint8Array.of(0x61, data.length);
    }
    return (le === 0 ? 256 : le) === data.length ? Uint8Array.of(...data, ...SW.ok) : Uint8Array.of(0x6c, data.length);
  }

  #giveWaiting({ le }: Apdu): Uint8Array {
    const data = this.#waiting;
    if (!data) return Uint8Array.of(...SW.conditionsNotSatisfied);
    if (le !== data.length) return Uint8Array.of(0x6c, data.length);
    this.#waiting = undefined;
    return Uint8Array.of(...data, ...SW.ok);
  }
}

/** The receiving side: pieces become packets; a packet whose bytes stop coming was noise, and what stands behind it is read. */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import { ZfmDecoder, type ZfmEvent } from './zfm-packet.codec.ts';

/** Longer than any pause a USB bridge makes inside a packet. */
const PACKET_GAP_MS = 300;

export class ZfmReceiver {
  readonly #clock: Clock;
  readonly #put: (event: ZfmEvent) => void;
  readonly #decoder = new ZfmDecoder();
  #gap: TimerHandle | undefined;

  /** `put` gives what no byte brings: packets found when another one was given up. */
  constructor(clock: Clock, put: (event: ZfmEvent) => void) {
    this.#clock = clock;
    this.#put = put;
  }

  push(chunk: Uint8Array): ZfmEvent[] {
    const events = this.#decoder.push(chunk);
    this.#watchGap();
    return events;
  }

  reset(): void {
    this.#stopGap();
    this.#decoder.reset();
  }

  #watchGap(): void {
    this.#stopGap();
    if (this.#decoder.pendingBytes === 0) return;
    this.#gap = this.#clock.after(PACKET_GAP_MS, () => {
      for (const event of this.#decoder.giveUpPacket()) this.#put(event);
    });
  }

  #stopGap(): void {
    if (this.#gap) this.#clock.cancel(this.#gap);
    this.#gap = undefined;
  }
}

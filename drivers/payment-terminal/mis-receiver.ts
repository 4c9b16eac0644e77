/**
 * The receiving side: bytes become answers, every frame is acknowledged or refused on the spot, noise is counted. A frame
 * that comes while nobody waits is acknowledged too, or the terminal would repeat it for ever.
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { readResponse, type MisResponse } from './mis-messages.codec.ts';
import { ACK, MisDecoder, NAK, type MisEvent } from './mis-tlv.codec.ts';

export type MisInput =
  { readonly kind: 'ack' } | { readonly kind: 'nak' } | { readonly kind: 'response'; readonly response: MisResponse };

/** A frame whose bytes stop coming for this long was noise or was cut off. */
const FRAME_GAP_MS = 500;
/**
 * NAK is the one byte that lets a sale be sent again, so it must stand alone: nothing right after it and no noise shortly
 * before. One that does not counts as no answer.
 */
const NAK_ALONE_MS = 100;
const NOISE_MS = 1_000;
/** Damaged frames refused in a row; a line that damages more is not mended by asking again. */
const REFUSALS = 3;

export class MisReceiver {
  readonly counts = { damaged: 0, garbage: 0 };
  readonly #link: ByteLink;
  readonly #clock: Clock;
  readonly #put: (input: MisInput) => void;
  readonly #decoder = new MisDecoder();
  #gapTimer: TimerHandle | undefined;
  #nakTimer: TimerHandle | undefined;
  #noisyUntil = 0;
  #refusals = 0;

  /** `put` gives what no byte brings: a NAK that has stood alone, a frame found when another was given up. */
  constructor(link: ByteLink, clock: Clock, put: (input: MisInput) => void) {
    this.#link = link;
    this.#clock = clock;
    this.#put = put;
  }

  push(chunk: Uint8Array): MisInput[] {
    if (chunk.length > 0) this.#stopNak();
    const inputs = this.#decoder
      .push(chunk)
      .flatMap((event, index, all) => this.#take(event, index === all.length - 1));
    this.#watchGap();
    return inputs;
  }

  reset(): void {
    this.#decoder.reset();
    this.#stopNak();
    this.#stopGap();
    this.#noisyUntil = 0;
    this.#refusals = 0;
  }

  #take(event: MisEvent, isLast: boolean): MisInput[] {
    switch (event.kind) {
      case 'ack':
        return [{ kind: 'ack' }];
      case 'nak':
        if (isLast && !this.#decoder.isInsideFrame && this.#clock.now() >= this.#noisyUntil) this.#holdNak();
        return [];
      case 'frame':
        return this.#takeFrame(readResponse(event.fields));
      case 'damaged':
        this.counts.damaged += 1;
        this.#refusals += 1;
        if (this.#refusals <= REFUSALS) this.#link.write(NAK);
        return [];
      case 'garbage':
        this.counts.garbage += 1;
        this.#noisyUntil = this.#clock.now() + NOISE_MS;
        return [];
      case 'eot':
        return [];
    }
  }

  #takeFrame(response: MisResponse | undefined): MisInput[] {
    this.#refusals = 0;
    this.#link.write(ACK);
    return response ? [{ kind: 'response', response }] : [];
  }

  #holdNak(): void {
    this.#nakTimer = this.#clock.after(NAK_ALONE_MS, () => this.#put({ kind: 'nak' }));
  }

  #watchGap(): void {
    this.#stopGap();
    if (!this.#decoder.isInsideFrame) return;
    this.#gapTimer = this.#clock.after(FRAME_GAP_MS, () => {
      const inputs = this.#decoder.giveUpFrame().flatMap((event) => this.#take(event, false));
      this.#watchGap();
      for (const input of inputs) this.#put(input);
    });
  }

  #stopNak(): void {
    if (this.#nakTimer) this.#clock.cancel(this.#nakTimer);
    this.#nakTimer = undefined;
  }

  #stopGap(): void {
    if (this.#gapTimer) this.#clock.cancel(this.#gapTimer);
    this.#gapTimer = undefined;
  }
}

/** Asks a quiet device now and then whether it is still there. One beat at a time; the next is timed from its end. */
import type { Clock, TimerHandle } from '../../contract/clock.ts';

export interface HeartbeatOptions {
  readonly clock: Clock;
  /** Milliseconds until the next beat, asked anew each time. */
  readonly everyMs: () => number;
  readonly beat: () => Promise<void>;
}

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: TimerHandle | undefined;
  #isBeating = false;
  #isStopped = true;
  /** `start` came while a beat was under way: that beat may have met the old wire. */
  #mustBeatAgain = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Beats at once, then regularly until `stop`. */
  start(): void {
    this.#isStopped = false;
    this.#cancel();
    if (this.#isBeating) this.#mustBeatAgain = true;
    else void this.#beat();
  }

  stop(): void {
    this.#isStopped = true;
    this.#mustBeatAgain = false;
    this.#cancel();
  }

  async #beat(): Promise<void> {
    this.#isBeating = true;
    do {
      this.#mustBeatAgain = false;
      await this.#options.beat();
    } while (this.#mustBeatAgain);
    this.#isBeating = false;
    if (!this.#isStopped) this.#timer = this.#options.clock.after(this.#options.everyMs(), () => void this.#beat());
  }

  #cancel(): void {
    if (this.#timer) this.#options.clock.cancel(this.#timer);
    this.#timer = undefined;
  }
}

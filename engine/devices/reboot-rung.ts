/**
 * The last rung: when a device has stayed isolated although everything else was tried, the machine is started afresh, in a
 * moment when nobody stands before it, and at most so many times a day. Counted on disk, because the count must outlive it.
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';

export interface RebootRungOptions {
  readonly clock: Clock;
  /** Reboots in 24 hours. */
  readonly atMost: number;
  /** Whether any device is isolated now. */
  readonly isNeeded: () => boolean;
  /** Whether nobody stands before the machine and nothing is under way. */
  readonly isIdle: () => boolean;
  /** Wall times of earlier reboots, ms; written before the machine goes down. */
  readonly past: { read(): readonly number[]; write(wallMs: readonly number[]): void };
  readonly reboot: () => void;
}

/** A device that somebody is just mending must not be met by a reboot. */
const NEEDED_FOR_MS = 30 * 60_000;
const LOOK_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

export class RebootRung {
  readonly #options: RebootRungOptions;
  #neededSince: number | undefined;
  #timer: TimerHandle | undefined;

  constructor(options: RebootRungOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = this.#options.clock.after(LOOK_MS, () => {
      this.#look();
      this.start();
    });
  }

  stop(): void {
    if (this.#timer) this.#options.clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const { clock, isNeeded, isIdle } = this.#options;
    if (!isNeeded()) {
      this.#neededSince = undefined;
      return;
    }
    this.#neededSince ??= clock.now();
    if (clock.now() - this.#neededSince >= NEEDED_FOR_MS && isIdle()) this.#reboot();
  }

  #reboot(): void {
    const { clock, atMost, past, reboot } = this.#options;
    const nowMs = clock.wallMs();
    // A clock that was set back must not forget the reboots it now calls future ones.
    const recent = past.read().filter((wallMs) => Math.abs(nowMs - wallMs) < DAY_MS);
    if (recent.length >= atMost) return;
    past.write([...recent, nowMs]);
    this.#neededSince = undefined;
    reboot();
  }
}

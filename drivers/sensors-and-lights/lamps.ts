/**
 * The lamps of a board: what each was last told and confirmed, and the flashing. A lamp is a level, no act: after the board
 * was away it is set again to what was confirmed before.
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { FlashRate } from '../../contract/devices/sensors-and-lights.schema.ts';
import { halfPeriodMs } from './flash-rates.ts';

interface Lamp {
  readonly rate: FlashRate;
  isLit: boolean;
  timer: TimerHandle | undefined;
}

export interface LampsOptions {
  readonly clock: Clock;
  /** Sets one lamp when the line is free; how it ends is seen at the next poll. */
  readonly set: (name: string, isLit: boolean) => Promise<void>;
}

export class Lamps {
  readonly #options: LampsOptions;
  readonly #confirmed = new Map<string, Lamp>();
  #isRunning = false;

  constructor(options: LampsOptions) {
    this.#options = options;
  }

  rateOf(name: string): FlashRate {
    return this.#confirmed.get(name)?.rate ?? 'off';
  }

  /** A command is about to change it: it stops flashing, and is forgotten until `confirm`. */
  release(name: string): void {
    this.#stopTimer(this.#confirmed.get(name));
    this.#confirmed.delete(name);
  }

  /** The board has it as asked. */
  confirm(name: string, rate: FlashRate): void {
    const lamp: Lamp = { rate, isLit: rate !== 'off', timer: undefined };
    this.#confirmed.set(name, lamp);
    this.#flashLater(name, lamp);
  }

  /** The board is (again) there. */
  start(): void {
    this.#isRunning = true;
    for (const [name, lamp] of this.#confirmed) {
      lamp.isLit = lamp.rate !== 'off';
      void this.#options.set(name, lamp.isLit);
      this.#flashLater(name, lamp);
    }
  }

  stop(): void {
    this.#isRunning = false;
    for (const lamp of this.#confirmed.values()) this.#stopTimer(lamp);
  }

  #flashLater(name: string, lamp: Lamp): void {
    const halfMs = halfPeriodMs(lamp.rate);
    this.#stopTimer(lamp);
    if (halfMs === undefined || !this.#isRunning) return;
    lamp.timer = this.#options.clock.after(halfMs, () => void this.#flash(name, lamp));
  }

  async #flash(name: string, lamp: Lamp): Promise<void> {
    lamp.timer = undefined;
    lamp.isLit = !lamp.isLit;
    await this.#options.set(name, lamp.isLit);
    if (this.#confirmed.get(name) === lamp && lamp.timer === undefined) this.#flashLater(name, lamp);
  }

  #stopTimer(lamp: Lamp | undefined): void {
    if (lamp?.timer) this.#options.clock.cancel(lamp.timer);
    if (lamp) lamp.timer = undefined;
  }
}

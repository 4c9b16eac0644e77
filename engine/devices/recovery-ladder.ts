/**
 * What is tried, in which order, when a device stays silent although its driver keeps dialling: reset it, open its wire
 * anew, restart the process that holds it, take the power of its port away, and at last leave it alone. Each rung has its
 * time; a device that comes back ends the climb, and one that stays well for a while starts at the bottom next time.
 * Conditions a hand must mend (`userError`: no paper, an open cover) are not climbed.
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { DeviceState, DeviceStatus } from '../../contract/driver.ts';

/** In climbing order. After `isolate` the device's services stay closed; its driver still dials. */
export const RUNGS = ['reset', 'reopen', 'restartHost', 'powerCycle', 'isolate'] as const;
export type Rung = (typeof RUNGS)[number];

/** `notFitted`: this device or machine has no such means; the next rung follows at once. */
export type RungResult = 'tried' | 'failed' | 'notFitted' | 'recovered';

export interface RecoveryNote {
  readonly device: string;
  readonly rung: Rung;
  readonly result: RungResult;
}

export type RungAct = (rung: Exclude<Rung, 'isolate'>) => Promise<RungResult>;

export interface LadderOptions {
  readonly device: string;
  readonly clock: Clock;
  readonly act: RungAct;
  readonly note: (note: RecoveryNote) => void;
}

/** A driver mends a torn wire by itself; only what lasts longer is climbed for. */
const PATIENCE_MS = 10_000;
/**
 * How long each rung may take to bring the device back before the next one; up to the isolation less than a minute together.
 * An isolated device gets another climb now and then: somebody may have mended it.
 */
const RUNG_MS: Readonly<Record<Rung, number>> = {
  reset: 5_000,
  reopen: 8_000,
  restartHost: 12_000,
  powerCycle: 15_000,
  isolate: 600_000,
};
/** After this long in good health the next trouble starts at the bottom again. */
const FORGIVEN_MS = 600_000;

const SILENT: readonly DeviceState[] = ['offline', 'hardwareError', 'unknown'];

export class RecoveryLadder {
  /** How often each rung was climbed since the start, for the health page. */
  readonly counts: Record<Rung, number> = { reset: 0, reopen: 0, restartHost: 0, powerCycle: 0, isolate: 0 };
  readonly #options: LadderOptions;
  /** The rung to climb next. */
  #next = 0;
  #isSilent = false;
  #timer: TimerHandle | undefined;
  #isStopped = false;

  constructor(options: LadderOptions) {
    this.#options = options;
  }

  get isIsolated(): boolean {
    return this.#isSilent && this.#next >= RUNGS.length;
  }

  learn({ device }: DeviceStatus): void {
    const isSilent = SILENT.includes(device);
    if (this.#isStopped || isSilent === this.#isSilent) return;
    this.#isSilent = isSilent;
    if (isSilent) return this.#after(PATIENCE_MS, () => this.#climb());
    const last = RUNGS[this.#next - 1];
    if (last) this.#options.note({ device: this.#options.device, rung: last, result: 'recovered' });
    this.#after(FORGIVEN_MS, () => {
      this.#next = 0;
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #climb(): void {
    const at = this.#next % RUNGS.length;
    this.#next = at + 1;
    void this.#step(RUNGS[at] ?? 'isolate');
  }

  async #step(rung: Rung): Promise<void> {
    const { act, note, device } = this.#options;
    this.counts[rung] += 1;
    const result = rung === 'isolate' ? 'tried' : await act(rung);
    if (this.#isStopped) return;
    note({ device, rung, result });
    if (result === 'notFitted') this.counts[rung] -= 1;
    // It may have come back while the rung was being climbed; then `learn` has set its own timer.
    if (!this.#isSilent) return;
    this.#after(result === 'tried' ? RUNG_MS[rung] : 0, () => this.#climb());
  }

  #after(delayMs: number, act: () => void): void {
    this.#cancel();
    this.#timer = this.#options.clock.after(delayMs, act);
  }

  #cancel(): void {
    if (this.#timer) this.#options.clock.cancel(this.#timer);
    this.#timer = undefined;
  }
}

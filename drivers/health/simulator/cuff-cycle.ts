/** The air in a cuff, whatever the monitor speaks: pumped up, let out, and what can go wrong with it. */
import type { Clock, TimerHandle } from '../../../contract/clock.ts';

export interface Arm {
  readonly systolic: number;
  readonly diastolic: number;
  readonly mean: number;
  readonly pulse: number;
}

export interface CuffFaults {
  /** What stops the measurement half-way. */
  trouble: 'none' | 'leak' | 'loose' | 'movement' | 'overPressure' | 'sensor' | 'motor';
  /** It measures and never says that it is done. */
  neverEnds: boolean;
  /** The start is answered, the cuff stays empty. */
  ignoresStart: boolean;
}

export function noCuffFaults(): CuffFaults {
  return { trouble: 'none', neverEnds: false, ignoresStart: false };
}

export interface CuffListener {
  pressure(mmHg: number): void;
  ended(): void;
  failed(trouble: Exclude<CuffFaults['trouble'], 'none'>): void;
}

const STEP_MS = 200;
const STEP_MM_HG = 30;
const TOP_MM_HG = 180;

export class CuffCycle {
  inflations = 0;
  pressureMmHg = 0;
  readonly #clock: Clock;
  readonly #faults: CuffFaults;
  readonly #listener: CuffListener;
  readonly #stepMs: number;
  #timer: TimerHandle | undefined;
  #isRising = false;

  constructor(clock: Clock, faults: CuffFaults, listener: CuffListener, stepMs = STEP_MS) {
    this.#clock = clock;
    this.#faults = faults;
    this.#listener = listener;
    this.#stepMs = stepMs;
  }

  get isWorking(): boolean {
    return this.#timer !== undefined;
  }

  /** While it works a second start is not heard. */
  start(): void {
    if (this.isWorking || this.#faults.ignoresStart) return;
    this.inflations += 1;
    this.pressureMmHg = 0;
    this.#isRising = true;
    this.#later();
  }

  stop(): void {
    if (this.#timer) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
    this.pressureMmHg = 0;
  }

  #later(): void {
    this.#timer = this.#clock.after(this.#stepMs, () => this.#step());
  }

  #step(): void {
    this.pressureMmHg += this.#isRising ? STEP_MM_HG : -STEP_MM_HG;
    const { trouble, neverEnds } = this.#faults;
    if (trouble !== 'none' && this.pressureMmHg >= TOP_MM_HG / 2) {
      this.stop();
      return this.#listener.failed(trouble);
    }
    if (this.pressureMmHg >= TOP_MM_HG) this.#isRising = false;
    if (this.pressureMmHg <= 0 && neverEnds) this.#isRising = true;
    const isOver = this.pressureMmHg <= 0 && !this.#isRising;
    if (isOver) this.stop();
    else this.#later();
    this.#listener.pressure(Math.max(0, this.pressureMmHg));
    if (isOver) this.#listener.ended();
  }
}

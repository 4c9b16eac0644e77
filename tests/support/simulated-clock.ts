/**
 * The clock of tests and simulations: time stands still until it is moved, and everything due happens in order of its
 * instant (and, at the same instant, in the order it was asked for), so that a run is the same every time.
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Wall time at instant 0: 2026-01-05 08:00 in Panyu. */
const WALL_START_MS = Date.UTC(2026, 0, 5, 0, 0, 0);

export class SimulatedClock implements Clock {
  readonly #timers = new Set<Timer>();
  readonly #wallStartMs: number;
  #nowMs = 0;
  #order = 0;

  constructor(wallStartMs: number = WALL_START_MS) {
    this.#wallStartMs = wallStartMs;
  }

  now(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#wallStartMs + this.#nowMs;
  }

  after(delayMs: number, callback: () => void): TimerHandle {
    const timer: Timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#timers.add(timer);
    return { timer };
  }

  cancel(handle: TimerHandle): void {
    this.#timers.delete(handle.timer as Timer);
  }

  /** How many timers wait; a test that ends with more than it began with has a leak. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Moves time by `ms`, firing what falls due. Promises made on the way continue only after the caller awaits. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let timer = this.#nextUpTo(endMs); timer; timer = this.#nextUpTo(endMs)) this.#fire(timer);
    this.#nowMs = endMs;
  }

  /**
   * Moves time by `ms` and lets every promise continue at the instant it was settled, so that a chain of waits
   * (`send`, wait, `send` again) runs as it would on real time.
   */
  async run(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settled();
    for (let timer = this.#nextUpTo(endMs); timer; timer = this.#nextUpTo(endMs)) {
      this.#fire(timer);
      await settled();
    }
    this.#nowMs = endMs;
  }

  /** Runs until `promise` settles, at most `limitMs` of simulated time; throws when it has not settled by then. */
  async runUntil<Value>(promise: Promise<Value>, limitMs = 600_000): Promise<Value> {
    const endMs = this.#nowMs + limitMs;
    let isSettled = false;
    const mark = (): void => {
      isSettled = true;
    };
    promise.then(mark, mark);
    await settled();
    for (let timer = this.#nextUpTo(endMs); timer && !isSettled; timer = this.#nextUpTo(endMs)) {
      this.#fire(timer);
      await settled();
    }
    if (!isSettled) throw new Error(`nothing settled within ${limitMs} ms of simulated time`);
    return promise;
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    timer.callback();
  }

  #nextUpTo(endMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > endMs) continue;
      if (!next || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order)) next = timer;
    }
    return next;
  }
}

/** One turn of the event loop: every promise that can continue has continued. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

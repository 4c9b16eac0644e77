/** One command in flight; the others wait in order, and a waiting one ends for free. */
import type { Clock } from '../../contract/clock.ts';
import type { Limits } from '../../contract/driver.ts';
import { failed, type Outcome } from '../../contract/outcome.schema.ts';
import { notBegun, Scope, type Interruption } from './scope.ts';

interface Waiting {
  readonly scope: Scope;
  readonly start: () => void;
}

export class CommandQueue {
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #running: Scope | undefined;
  #isClosed = false;
  #idleWaiters: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isIdle(): boolean {
    return this.#running === undefined && this.#waiting.length === 0;
  }

  /** Runs `task` when its turn comes. `task` must wait only through its scope. */
  run<Reply>(limits: Limits, task: (scope: Scope) => Promise<Outcome<Reply>>): Promise<Outcome<Reply>> {
    if (this.#isClosed) return Promise.resolve(failed('device.absent', 'none', 'the driver is closed'));
    const scope = new Scope(this.#clock, limits);
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        scope,
        start: () => {
          stopWaiting();
          this.#running = scope;
          void task(scope)
            .finally(() => this.#finished(scope))
            .then(resolve, reject);
        },
      };
      const stopWaiting = scope.onInterrupt(() => {
        const at = this.#waiting.indexOf(entry);
        if (at >= 0) this.#waiting.splice(at, 1);
        scope.end();
        resolve(notBegun(scope.interruption ?? 'cancelled'));
      });
      if (scope.interruption) return;
      this.#waiting.push(entry);
      this.#next();
    });
  }

  /** Ends the running command from outside; those that wait start next and find out for themselves. */
  interruptRunning(reason: Interruption): void {
    this.#running?.interrupt(reason);
  }

  /** Ends everything; resolves when the running command has settled. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { scope } of [...this.#waiting]) scope.interrupt('cancelled');
    this.#running?.interrupt('cancelled');
    if (this.#running) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  #finished(scope: Scope): void {
    scope.end();
    this.#running = undefined;
    this.#next();
    if (this.isIdle) for (const wake of this.#idleWaiters.splice(0)) wake();
  }

  #next(): void {
    if (!this.#running) this.#waiting.shift()?.start();
  }
}

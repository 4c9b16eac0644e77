/**
 * Everything that can end a command from outside, in one place: its deadline, its abort signal, the loss of the link.
 * The first one counts and stays. A driver waits only through `race`, so nothing it waits for can outlive its command.
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { Limits } from '../../contract/driver.ts';
import { failed, unknown, type Evidence, type Outcome } from '../../contract/outcome.schema.ts';
import type { ProblemCode } from '../../contract/problem.catalogue.ts';

export type Interruption = 'deadline' | 'cancelled' | 'lost';

export type Wait<Value> =
  | { readonly kind: 'got'; readonly value: Value }
  /** The local patience of this one wait is over; the command itself may go on. */
  | { readonly kind: 'timeout' }
  | { readonly kind: Interruption };

export const INTERRUPTION_CODES = {
  deadline: 'device.deadline',
  cancelled: 'kiosk.cancelled',
  lost: 'device.lost',
} as const satisfies Record<Interruption, ProblemCode>;

export class Scope {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #deadlineTimer: TimerHandle;
  readonly #onAbort = (): void => this.interrupt('cancelled');
  readonly #waiters = new Set<() => void>();
  #interruption: Interruption | undefined;

  constructor(clock: Clock, limits: Limits) {
    this.#clock = clock;
    this.#signal = limits.signal;
    this.#deadlineTimer = clock.after(Math.max(0, limits.deadline - clock.now()), () => this.interrupt('deadline'));
    if (limits.signal.aborted) this.interrupt('cancelled');
    else if (limits.deadline <= clock.now()) this.interrupt('deadline');
    else limits.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get interruption(): Interruption | undefined {
    return this.#interruption;
  }

  interrupt(reason: Interruption): void {
    if (this.#interruption) return;
    this.#interruption = reason;
    for (const wake of [...this.#waiters]) wake();
  }

  onInterrupt(wake: () => void): () => void {
    if (this.#interruption) wake();
    else this.#waiters.add(wake);
    return () => this.#waiters.delete(wake);
  }

  /** Waits for `arm` to settle. `arm` may settle at once and returns the way to stop it. */
  race<Value>(arm: (settle: (value: Value) => void) => () => void, timeoutMs?: number): Promise<Wait<Value>> {
    return new Promise((resolve) => {
      let isOver = false;
      const cleanUps: (() => void)[] = [];
      function end(wait: Wait<Value>): void {
        if (isOver) return;
        isOver = true;
        for (const cleanUp of cleanUps) cleanUp();
        resolve(wait);
      }
      const keep = (cleanUp: () => void): void => void (isOver ? cleanUp() : cleanUps.push(cleanUp));
      keep(this.onInterrupt(() => end({ kind: this.#interruption ?? 'cancelled' })));
      if (!isOver) keep(arm((value) => end({ kind: 'got', value })));
      if (!isOver && timeoutMs !== undefined) {
        const timer = this.#clock.after(timeoutMs, () => end({ kind: 'timeout' }));
        keep(() => this.#clock.cancel(timer));
      }
    });
  }

  /** `got` what the promise resolves to, unless something else ends the wait first. */
  raceOf<Value>(promise: Promise<Value>, timeoutMs?: number): Promise<Wait<Value>> {
    return this.race<Value>((settle) => {
      void promise.then(settle);
      return () => {};
    }, timeoutMs);
  }

  /** Lets time pass; tells whether the command may go on. */
  async pause(ms: number): Promise<boolean> {
    const wait = await this.race<never>(() => () => {}, ms);
    return wait.kind === 'timeout';
  }

  end(): void {
    this.#clock.cancel(this.#deadlineTimer);
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}

/** The outcome of a command that was ended before the first byte of a physical act. */
export function notBegun(reason: Interruption): Outcome<never> {
  return failed(INTERRUPTION_CODES[reason], 'none');
}

/** The outcome of a command that was ended after it: nobody knows, and nothing is repeated. */
export function leftOpen(reason: Interruption, lastEvidence?: Evidence): Outcome<never> {
  return unknown(INTERRUPTION_CODES[reason], undefined, lastEvidence);
}

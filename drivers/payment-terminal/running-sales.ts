/** Which sales the terminal may still be busy with, so that nobody believes too early that it has never seen one. */
import type { Clock } from '../../contract/clock.ts';
import type { Instant } from '../../contract/outcome.schema.ts';

export class RunningSales {
  readonly #clock: Clock;
  readonly #outcomeMs: number;
  /** A sale we know nothing of was sent by a run of the program before this one, at the latest now. */
  readonly #startedAt: Instant;
  readonly #soldAt = new Map<string, Instant>();

  constructor(clock: Clock, outcomeMs: number) {
    this.#clock = clock;
    this.#outcomeMs = outcomeMs;
    this.#startedAt = clock.now();
  }

  begins(echo: string): void {
    this.#soldAt.set(echo, this.#clock.now());
  }

  /** The terminal has said what became of it, or never got it. */
  ended(echo: string): void {
    this.#soldAt.delete(echo);
  }

  /** `ageMs`: whoever asks knows that it was sent at least so long ago. */
  mayRun(echo: string, ageMs = 0): boolean {
    const now = this.#clock.now();
    const soldAt = this.#soldAt.get(echo) ?? Math.min(this.#startedAt, now - ageMs);
    return now < soldAt + this.#outcomeMs;
  }
}

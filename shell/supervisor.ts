/** The one restart policy of the shell: at most so many restarts in such a time, counted on the monotonic clock. */
import type { Clock } from '../contract/clock.ts';
import type { Instant } from '../contract/outcome.schema.ts';

export interface RestartLimit {
  readonly maxRestarts: number;
  readonly windowMs: number;
}

/** The engine: three in ten minutes, then out of service. */
export const ENGINE_LIMIT: RestartLimit = { maxRestarts: 3, windowMs: 600_000 };
/** The page: three reloads a minute, then the whole shell ends and the watchdog of the system starts it afresh. */
export const PAGE_LIMIT: RestartLimit = { maxRestarts: 3, windowMs: 60_000 };
/** The browser window of the browser host. */
export const BROWSER_LIMIT: RestartLimit = { maxRestarts: 5, windowMs: 60_000 };

export type Verdict =
  { readonly kind: 'restart'; readonly attempt: number } | { readonly kind: 'giveUp'; readonly retryAfterMs: number };

export class RestartBudget {
  readonly #clock: Clock;
  readonly #limit: RestartLimit;
  #restarts: Instant[] = [];

  constructor(clock: Clock, limit: RestartLimit) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Asks for one restart. `giveUp` spends nothing and says when the oldest restart is forgotten. */
  spend(): Verdict {
    const now = this.#clock.now();
    this.#restarts = this.#restarts.filter((instant) => now - instant < this.#limit.windowMs);
    const oldest = this.#restarts[0];
    if (oldest !== undefined && this.#restarts.length >= this.#limit.maxRestarts) {
      return { kind: 'giveUp', retryAfterMs: oldest + this.#limit.windowMs - now };
    }
    this.#restarts.push(now);
    return { kind: 'restart', attempt: this.#restarts.length };
  }
}

/**
 * Time and chance are given, not taken (law 5). The real ones are made once, in a composition root; tests give their own.
 */
import type { Instant } from './outcome.schema.ts';

export interface Clock {
  /** Monotonic milliseconds. All durations and deadlines are measured with this. */
  now(): Instant;
  /** Wall time in milliseconds since 1970, only for people and records, never for ordering. */
  wallMs(): number;
  /** Calls `callback` once, `delayMs` from now; returns a handle for `cancel`. */
  after(delayMs: number, callback: () => void): TimerHandle;
  cancel(handle: TimerHandle): void;
}

/** Opaque; only the clock that made it can read it. */
export interface TimerHandle {
  readonly timer: unknown;
}

export interface Chance {
  /** `length` unpredictable bytes. */
  bytes(length: number): Uint8Array;
}

/** Resolves `ms` later on the given clock, or at once when the signal aborts. Never rejects. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', wake);
      resolve();
    });
    function wake(): void {
      clock.cancel(timer);
      resolve();
    }
    signal?.addEventListener('abort', wake, { once: true });
  });
}

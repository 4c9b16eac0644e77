/** The real clock; the only place of the platform that takes time instead of being given it. */
import type { Clock } from '../contract/clock.ts';

export function createSystemClock(): Clock {
  return {
    now: () => performance.now(),
    wallMs: () => Date.now(),
    after: (delayMs, callback) => ({ timer: setTimeout(callback, delayMs) }),
    cancel: (handle) => clearTimeout(handle.timer as NodeJS.Timeout),
  };
}

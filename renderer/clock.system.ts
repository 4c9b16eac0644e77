/** The page's real clock; the only place of the renderer that reads time. */
import type { Clock } from '../contract/clock.ts';

export function systemClock(): Clock {
  return {
    now: () => performance.now(),
    wallMs: () => Date.now(),
    after: (delayMs, callback) => ({ timer: window.setTimeout(callback, delayMs) }),
    cancel: (handle) => window.clearTimeout(handle.timer as number),
  };
}

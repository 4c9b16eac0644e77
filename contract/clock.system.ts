/** The real clock and the real chance. Only composition roots (`main.ts` files, hosts, scripts) import this. */
import { randomBytes } from 'node:crypto';
import type { Chance, Clock } from './clock.ts';

export const systemClock: Clock = {
  now: () => performance.now(),
  wallMs: () => Date.now(),
  // a timer never fires under a millisecond; `after(0)` means the next turn
  after(delayMs, callback) {
    if (delayMs > 0) {
      const timeout = setTimeout(callback, delayMs);
      return { timer: () => clearTimeout(timeout) };
    }
    const immediate = setImmediate(callback);
    return { timer: () => clearImmediate(immediate) };
  },
  cancel: ({ timer }) => (timer as () => void)(),
};

export const systemChance: Chance = { bytes: (length) => randomBytes(length) };

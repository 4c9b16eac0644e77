/** The real clock and the real chance; made once, in a composition root. */
import { randomBytes } from 'node:crypto';
import type { Chance, Clock } from '../contract/clock.ts';

export const systemClock: Clock = {
  now: () => performance.now(),
  wallMs: () => Date.now(),
  after: (delayMs, callback) => ({ timer: setTimeout(callback, delayMs) }),
  cancel: (handle) => clearTimeout(handle.timer as NodeJS.Timeout),
};

export const systemChance: Chance = { bytes: (length) => randomBytes(length) };

/** The real clock and the real chance. Only composition roots (`main.ts` files, hosts, scripts) import this. */
import { randomBytes } from 'node:crypto';
import type { Chance, Clock } from './clock.ts';

export const systemClock: Clock = {
  now: () => performance.now(),
  wallMs: () => Date.now(),
  after: (delayMs, callback) => ({ timer: setTimeout(callback, delayMs) }),
  cancel: (handle) => clearTimeout(handle.timer as NodeJS.Timeout),
};

export const systemChance: Chance = { bytes: (length) => randomBytes(length) };

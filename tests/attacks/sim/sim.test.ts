import { describe, expect, it } from 'vitest';
import { live } from './kiosk-life.ts';

/** Three days of a kiosk: seconds on an idle machine. */
const TIMEOUT_MS = 240_000;

describe('a simulated kiosk', () => {
  it(
    'lives the same life again with the same seed, and another one with another',
    { timeout: TIMEOUT_MS },
    async () => {
      const life = { seed: 7, kiosk: 0, days: 1 };
      const once = await live(life);
      const again = await live(life);
      const other = await live({ ...life, seed: 8 });
      expect(again).toEqual(once);
      expect(once.digest).toMatch(/^[0-9a-f]{64}$/);
      expect(other.digest).not.toBe(once.digest);
      expect(once.transactions).toBeGreaterThan(90);
    },
  );
});

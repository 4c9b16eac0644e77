/** Each attack in its short form: nothing is lost, doubled or invented. The full forms are commands of their own. */
import { describe, expect, it } from 'vitest';
import { ATTACKS } from './attacks.ts';

const TIMEOUT_MS = 240_000;
const SEED = 1;

describe('in its short form', () => {
  for (const [name, load] of Object.entries(ATTACKS)) {
    it(
      `${name} breaks no promise`,
      async () => {
        const attack = await load();
        expect(attack.name).toBe(name);
        const { violations, figures } = await attack.run({ size: 'short', seed: SEED, args: {}, say: () => undefined });
        expect(violations).toEqual([]);
        expect(Object.keys(figures).length, 'an attack that counts nothing has done nothing').toBeGreaterThan(0);
      },
      TIMEOUT_MS,
    );
  }
});

import { describe, expect, it } from 'vitest';
import { runHerd, type HerdOptions } from './herd.ts';
import { OURS, WORSE } from './policies.ts';
import { missedBy } from './sim-herd.ts';

const SMALL: HerdOptions = {
  terminals: 2_000,
  backlog: 800,
  batchesPerS: 10,
  livePerS: 1,
  seed: 7,
  limitMs: 60 * 60_000,
};

describe('the herd', () => {
  it('drains in time, and payments go on beside it', () => {
    const herd = runHerd(OURS, { ...SMALL, terminals: 10_000, batchesPerS: 50, livePerS: 5 });
    expect(missedBy(herd)).toEqual([]);
    expect(herd.wrong).toBe(0);
    expect(herd.liveP99Ms).toBeLessThan(5_000);
  });

  it.each(['fixed 5 s', 'exponential, no jitter', 'full jitter, cap 5 min'])(
    'bites: it sees what is wrong with %s',
    (name) => {
      const policy = WORSE.find((worse) => worse.name === name);
      if (!policy) throw new Error(`there is no policy ${name}`);
      expect(missedBy(runHerd(policy, SMALL))).not.toEqual([]);
    },
  );

  it('is the same for the same seed', () => {
    expect(runHerd(OURS, SMALL)).toEqual(runHerd(OURS, SMALL));
  });
});

import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../tests/support/simulated-clock.ts';
import { ENGINE_LIMIT, RestartBudget } from './supervisor.ts';

describe('restart budget', () => {
  it('does not restart a fourth time within the window', () => {
    const clock = new SimulatedClock();
    const budget = new RestartBudget(clock, ENGINE_LIMIT);
    const verdicts = [0, 1_000, 1_000, 1_000].map((waitMs) => {
      clock.advance(waitMs);
      return budget.spend();
    });
    expect(verdicts).toEqual([
      { kind: 'restart', attempt: 1 },
      { kind: 'restart', attempt: 2 },
      { kind: 'restart', attempt: 3 },
      { kind: 'giveUp', retryAfterMs: 597_000 },
    ]);
  });

  it('does not stay out of service once the window has passed', () => {
    const clock = new SimulatedClock();
    const budget = new RestartBudget(clock, ENGINE_LIMIT);
    for (let count = 0; count < 3; count += 1) budget.spend();
    clock.advance(599_999);
    expect(budget.spend()).toEqual({ kind: 'giveUp', retryAfterMs: 1 });
    clock.advance(1);
    expect(budget.spend()).toEqual({ kind: 'restart', attempt: 1 });
  });
});

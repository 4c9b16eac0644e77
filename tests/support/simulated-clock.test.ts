import { describe, expect, it } from 'vitest';
import { pause } from '../../contract/clock.ts';
import { SimulatedClock } from './simulated-clock.ts';

describe('simulated clock', () => {
  it('fires what falls due in order of instant, then of asking', () => {
    const clock = new SimulatedClock();
    const seen: string[] = [];
    clock.after(20, () => seen.push(`b@${clock.now()}`));
    clock.after(10, () => seen.push(`a@${clock.now()}`));
    clock.after(20, () => seen.push(`c@${clock.now()}`));
    clock.advance(20);
    expect(seen).toEqual(['a@10', 'b@20', 'c@20']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not fire a cancelled timer', () => {
    const clock = new SimulatedClock();
    const seen: string[] = [];
    clock.cancel(clock.after(5, () => seen.push('never')));
    clock.advance(10);
    expect(seen).toEqual([]);
  });

  it('lets a chain of waits continue at its own instants', async () => {
    const clock = new SimulatedClock();
    const seen: number[] = [];
    async function chain(): Promise<void> {
      for (let count = 0; count < 3; count += 1) {
        await pause(clock, 10);
        seen.push(clock.now());
      }
    }
    const chained = chain();
    await clock.run(100);
    await chained;
    expect(seen).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(100);
    expect(clock.wallMs() - new SimulatedClock().wallMs()).toBe(100);
  });

  it('says when nothing ever settles', async () => {
    const clock = new SimulatedClock();
    await expect(clock.runUntil(new Promise<never>(() => {}), 50)).rejects.toThrow('50 ms');
  });
});

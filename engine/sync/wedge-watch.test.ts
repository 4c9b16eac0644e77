import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { createWedgeWatch, type WedgeWatch } from './wedge-watch.ts';

const MINUTE_MS = 60_000;

function setup() {
  const clock = new SimulatedClock();
  const state = { oldest: 7 as number | undefined, isAsked: false };
  const alarms: { readonly stream: string; readonly seq: number; readonly atMin: number }[] = [];
  const watch: WedgeWatch = createWedgeWatch({
    clock,
    streams: ['ledger'],
    oldest: () => state.oldest,
    isAskedToWait: () => state.isAsked,
    onWedged: (stream, seq) => alarms.push({ stream, seq, atMin: clock.now() / MINUTE_MS }),
  });
  watch.start();
  async function pass(minutes: number, answers: boolean): Promise<void> {
    for (let minute = 0; minute < minutes; minute++) {
      await clock.run(MINUTE_MS);
      if (answers) watch.answered();
    }
  }
  return { clock, state, alarms, watch, pass };
}

describe('a queue that stopped', () => {
  it('is noticed, once, when the platform answers and the oldest record stays', async () => {
    const { alarms, watch, pass } = setup();
    await pass(60, true);
    expect(alarms).toEqual([{ stream: 'ledger', seq: 7, atMin: 16 }]);
    expect(watch.wedged()).toEqual(['ledger']);
  });

  it('is no alarm while nobody answers: that is the line', async () => {
    const { alarms, pass } = setup();
    await pass(72 * 60, false);
    expect(alarms).toEqual([]);
  });

  it('is no alarm while the platform asks for patience, nor while records move on', async () => {
    const { alarms, state, pass } = setup();
    state.isAsked = true;
    await pass(60, true);
    state.isAsked = false;
    for (let moved = 0; moved < 10; moved++) {
      state.oldest = 8 + moved;
      await pass(10, true);
    }
    expect(alarms).toEqual([]);
  });

  it('is over when the record gets through, and told anew when it happens again', async () => {
    const { alarms, state, watch, pass } = setup();
    await pass(20, true);
    state.oldest = undefined;
    await pass(1, true);
    expect(watch.wedged()).toEqual([]);
    state.oldest = 9;
    await pass(20, true);
    expect(alarms.map(({ seq }) => seq)).toEqual([7, 9]);
  });

  it('leaves no timer behind', () => {
    const { clock, watch } = setup();
    watch.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});

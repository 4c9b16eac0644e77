import { expect, it } from 'vitest';
import type { DeviceState } from '../../contract/driver.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { RecoveryLadder, RUNGS, type RecoveryNote, type Rung, type RungResult } from './recovery-ladder.ts';

function climb(answers: Partial<Record<Rung, RungResult>> = {}) {
  const clock = new SimulatedClock();
  const acts: { rung: Rung; atMs: number }[] = [];
  const notes: RecoveryNote[] = [];
  const ladder = new RecoveryLadder({
    device: 'card-1',
    clock,
    act(rung) {
      acts.push({ rung, atMs: clock.now() });
      return Promise.resolve(answers[rung] ?? 'tried');
    },
    note: (note) => notes.push(note),
  });
  const become = (device: DeviceState): void => ladder.learn({ device, paper: 'unknown', media: 'unknown' });
  become('online');
  return { clock, ladder, acts, notes, become };
}

it('leaves a device alone whose driver brings it back within ten seconds', async () => {
  const { clock, acts, become } = climb();
  become('offline');
  await clock.run(9_900);
  become('online');
  await clock.run(60_000);
  expect(acts).toEqual([]);
});

it('climbs every rung in order and isolates within a minute', async () => {
  const { clock, ladder, acts, notes, become } = climb();
  become('offline');
  await clock.run(60_000);
  expect(acts.map(({ rung }) => rung)).toEqual(['reset', 'reopen', 'restartHost', 'powerCycle']);
  expect(notes.map(({ rung }) => rung)).toEqual(RUNGS);
  expect(ladder.isIsolated).toBe(true);
  expect(ladder.counts).toEqual({ reset: 1, reopen: 1, restartHost: 1, powerCycle: 1, isolate: 1 });
});

it('goes on at once past a rung that is not fitted or did not go, and does not count what is not there', async () => {
  const { clock, ladder, acts, become } = climb({ reset: 'notFitted', reopen: 'failed', powerCycle: 'notFitted' });
  become('offline');
  await clock.run(10_000);
  expect(acts.map(({ rung }) => rung)).toEqual(['reset', 'reopen', 'restartHost']);
  expect(ladder.counts).toMatchObject({ reset: 0, reopen: 1, restartHost: 1 });
});

it('stops where the device comes back and says which rung did it', async () => {
  const { clock, acts, notes, become } = climb();
  become('offline');
  await clock.run(16_000);
  become('online');
  await clock.run(60_000);
  expect(acts.map(({ rung }) => rung)).toEqual(['reset', 'reopen']);
  expect(notes.at(-1)).toEqual({ device: 'card-1', rung: 'reopen', result: 'recovered' });
});

it('goes on upwards when a device falls silent again soon, from the bottom after ten good minutes', async () => {
  const { clock, acts, become } = climb();
  become('offline');
  await clock.run(11_000);
  become('online');
  await clock.run(30_000);
  become('offline');
  await clock.run(11_000);
  expect(acts.map(({ rung }) => rung)).toEqual(['reset', 'reopen']);
  become('online');
  await clock.run(601_000);
  become('offline');
  await clock.run(11_000);
  expect(acts.map(({ rung }) => rung)).toEqual(['reset', 'reopen', 'reset']);
});

it('does not climb for what only a hand can mend', async () => {
  const { clock, acts, become } = climb();
  become('userError');
  await clock.run(3_600_000);
  become('noDevice');
  await clock.run(3_600_000);
  expect(acts).toEqual([]);
});

it('tries an isolated device again every ten minutes', async () => {
  const { clock, acts, become } = climb();
  become('hardwareError');
  await clock.run(61_000);
  expect(acts).toHaveLength(4);
  await clock.run(600_000);
  expect(acts.length).toBeGreaterThanOrEqual(5);
});

it('does nothing after its end', async () => {
  const { clock, ladder, acts, become } = climb();
  become('offline');
  ladder.stop();
  await clock.run(60_000);
  expect(acts).toEqual([]);
  expect(clock.pendingTimers).toBe(0);
});

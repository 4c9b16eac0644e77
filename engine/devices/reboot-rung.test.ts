import { expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { RebootRung } from './reboot-rung.ts';

const MINUTE_MS = 60_000;

function watch() {
  const clock = new SimulatedClock();
  const standing = { isNeeded: true, isIdle: true, past: [] as readonly number[], reboots: 0 };
  const rung = new RebootRung({
    clock,
    atMost: 2,
    isNeeded: () => standing.isNeeded,
    isIdle: () => standing.isIdle,
    past: {
      read: () => standing.past,
      write: (wallMs) => {
        standing.past = wallMs;
      },
    },
    reboot: () => (standing.reboots += 1),
  });
  rung.start();
  return { clock, standing, rung };
}

it('does not reboot while somebody stands before the machine', () => {
  const { clock, standing } = watch();
  standing.isIdle = false;
  clock.advance(600 * MINUTE_MS);
  expect(standing.reboots).toBe(0);
  standing.isIdle = true;
  clock.advance(2 * MINUTE_MS);
  expect(standing.reboots).toBe(1);
});

it('gives a device half an hour, anew after each recovery', () => {
  const { clock, standing } = watch();
  clock.advance(29 * MINUTE_MS);
  standing.isNeeded = false;
  clock.advance(2 * MINUTE_MS);
  standing.isNeeded = true;
  clock.advance(29 * MINUTE_MS);
  expect(standing.reboots).toBe(0);
});

it('stops at the limit of the day, whatever stays broken', () => {
  const { clock, standing } = watch();
  clock.advance(20 * 60 * MINUTE_MS);
  expect(standing.reboots).toBe(2);
  clock.advance(6 * 60 * MINUTE_MS);
  expect(standing.reboots).toBeGreaterThan(2);
});

it('counts a reboot before the machine goes down', () => {
  const { clock, standing } = watch();
  clock.advance(32 * MINUTE_MS);
  expect(standing.past).toHaveLength(1);
});

it('leaves no timer behind', () => {
  const { clock, rung } = watch();
  rung.stop();
  expect(clock.pendingTimers).toBe(0);
});

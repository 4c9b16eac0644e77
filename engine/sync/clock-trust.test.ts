import { describe, expect, it } from 'vitest';
import type { Clock } from '../../contract/clock.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { createClockTrust, type ClockTrust } from './clock-trust.ts';

const TRUE_START_MS = Date.UTC(2026, 0, 5);
const HOUR_MS = 3_600_000;

interface Setup {
  readonly time: ClockTrust;
  readonly clock: SimulatedClock;
  /** What somebody did to the wall clock, ms; the monotonic one does not know. */
  readonly wall: { setBy: number };
  readonly steps: number[];
  readonly doubts: number[];
  /** An answer with the platform's true time, after a round trip. */
  hear(tripMs: number, proof?: 'signed' | 'told', lieMs?: number): void;
}

function setup(rtcErrorMs = 0): Setup {
  const clock = new SimulatedClock(TRUE_START_MS);
  const wall = { setBy: rtcErrorMs };
  const steps: number[] = [];
  const doubts: number[] = [];
  const machine: Clock = {
    now: () => clock.now(),
    wallMs: () => clock.wallMs() + wall.setBy,
    after: (delayMs, callback) => clock.after(delayMs, callback),
    cancel: (handle) => clock.cancel(handle),
  };
  const time = createClockTrust({
    clock: machine,
    onStep: (byMs) => steps.push(byMs),
    onDoubt: (apartMs) => doubts.push(apartMs),
  });
  function hear(tripMs: number, proof: 'signed' | 'told' = 'told', lieMs = 0): void {
    const sentAt = clock.now();
    clock.advance(tripMs / 2);
    const platformMs = clock.wallMs() + lieMs;
    clock.advance(tripMs / 2);
    time.sample(platformMs, sentAt, proof);
  }
  return { time, clock, wall, steps, doubts, hear };
}

const RTC_AT_1970_MS = -TRUE_START_MS;

describe('a clock nobody has confirmed', () => {
  it.each([
    ['at 1970', RTC_AT_1970_MS],
    ['three hours ahead', 3 * HOUR_MS],
    ['26 hours behind', -26 * HOUR_MS],
    ['right, by luck', 0],
  ])('is not trusted before the platform was heard: %s', (_name, errorMs) => {
    const { time } = setup(errorMs);
    expect(time.read()).toMatchObject({ isTrusted: false, errorMs: undefined });
    expect(time.offset()).toEqual({});
  });

  it.each([
    ['at 1970', RTC_AT_1970_MS],
    ['three hours ahead', 3 * HOUR_MS],
    ['26 hours behind', -26 * HOUR_MS],
  ])('is doubted, once, when the platform says otherwise, and corrected all the same: %s', (_name, errorMs) => {
    const { time, clock, doubts, hear } = setup(errorMs);
    hear(40);
    hear(40);
    expect(doubts).toHaveLength(1);
    expect(time.read().isTrusted).toBe(false);
    expect(time.nowMs()).toBe(clock.wallMs());
    expect(time.offset().offsetMs).toBe(-errorMs);
  });

  it('is trusted after one signed time, or when it agrees with the platform', () => {
    const dead = setup(RTC_AT_1970_MS);
    dead.hear(40, 'signed');
    expect(dead.time.read().isTrusted).toBe(true);
    const sound = setup(800);
    sound.hear(40);
    expect(sound.time.read().isTrusted).toBe(true);
  });

  it('does not follow an unsigned word away from a signed one', () => {
    const { time, clock, hear } = setup();
    hear(40, 'signed');
    hear(40, 'told', 3 * HOUR_MS);
    expect(Math.abs(time.nowMs() - clock.wallMs())).toBeLessThan(100);
    expect(time.read().isTrusted).toBe(true);
  });

  it('follows a platform that was itself put right, and asks for proof anew', () => {
    const { time, clock, hear } = setup();
    hear(40, 'told', 3 * HOUR_MS);
    hear(40);
    expect(Math.abs(time.nowMs() - clock.wallMs())).toBeLessThan(100);
    expect(time.read().isTrusted).toBe(true);
  });
});

describe('the estimate', () => {
  it('is taken from the quickest of the last eight round trips, within its own bound', () => {
    const { time, clock, hear } = setup(-40_000);
    for (const tripMs of [3_000, 1_200, 20, 2_400, 900]) hear(tripMs, 'told');
    const { wallMs, errorMs = 0 } = time.read();
    expect(Math.abs(wallMs - clock.wallMs())).toBeLessThanOrEqual(errorMs);
    expect(errorMs).toBeLessThan(15);
  });

  it('grows less sure with age: a fresh slow answer beats a quick one of three days ago', () => {
    const { time, clock, hear } = setup();
    hear(20);
    clock.advance(72 * HOUR_MS);
    expect(time.read().errorMs).toBeGreaterThan(40_000);
    hear(2_000);
    expect(time.read().errorMs).toBeLessThan(1_100);
  });

  it('is not moved when somebody sets the wall clock, and says by how much it was set', () => {
    const { time, clock, wall, steps, hear } = setup();
    hear(20);
    time.watch();
    clock.advance(10_000);
    wall.setBy = -40 * 60_000;
    time.watch();
    time.watch();
    expect(steps).toEqual([-40 * 60_000]);
    expect(Math.abs(time.nowMs() - clock.wallMs())).toBeLessThan(20);
    expect(time.offset().offsetMs).toBe(40 * 60_000);
  });

  it('does not call slow slewing a step', () => {
    const { time, clock, wall, steps } = setup();
    for (let minute = 0; minute < 24 * 60; minute++) {
      clock.advance(60_000);
      wall.setBy += 10;
      time.watch();
    }
    expect(steps).toEqual([]);
  });
});

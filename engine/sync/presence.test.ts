import { describe, expect, it } from 'vitest';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { HeartbeatReply } from '../../contract/platform-api.schema.ts';
import { pause } from '../../contract/clock.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { createPresence, type Presence } from './presence.ts';

/** 01:50 in Panyu. */
const NIGHT_MS = Date.UTC(2026, 0, 4, 17, 50);

interface Line {
  up: boolean;
  tripMs: number;
  ahead: number;
  suspended: boolean;
}

function setup(): { presence: Presence; clock: SimulatedClock; line: Line; beats: number[] } {
  const clock = new SimulatedClock(NIGHT_MS);
  const line: Line = { up: true, tripMs: 0, ahead: 4, suspended: false };
  const beats: number[] = [];
  const presence = createPresence({
    clock,
    client: {
      async heartbeat(): Promise<Result<HeartbeatReply>> {
        beats.push(clock.now());
        const { up, tripMs, ahead } = line;
        await pause(clock, tripMs / 2);
        const nowMs = NIGHT_MS + clock.now();
        await pause(clock, tripMs / 2);
        if (!up) return fail('platform.offline');
        if (line.suspended) return fail('platform.suspended');
        return ok({ nowMs, queues: [{ queue: 'civil-affairs', ahead, opensAt: '09:00' }] });
      },
    },
  });
  return { presence, clock, line, beats };
}

describe('presence', () => {
  it('is offline until the platform has answered, then beats every 15 s', async () => {
    const { presence, clock, beats } = setup();
    expect(presence.online()).toBe(false);
    presence.start();
    await clock.run(45_000);
    expect(presence.online()).toBe(true);
    expect(beats).toEqual([0, 15_000, 30_000, 45_000]);
  });

  it('looks again soon after one missed beat, and tells of each change once', async () => {
    const { presence, clock, line, beats } = setup();
    const changes: [number, boolean][] = [];
    presence.subscribe((online) => changes.push([clock.now(), online]));
    presence.start();
    await clock.run(1_000);
    line.up = false;
    await clock.run(15_000);
    expect(presence.online()).toBe(true);
    await clock.run(30_000);
    line.up = true;
    await clock.run(15_000);
    expect(beats.slice(0, 5)).toEqual([0, 15_000, 17_000, 32_000, 47_000]);
    expect(changes).toEqual([
      [0, true],
      [17_000, false],
      [47_000, true],
    ]);
  });

  it('forgives one missed beat', async () => {
    const { presence, clock, line } = setup();
    const changes: boolean[] = [];
    presence.subscribe((online) => changes.push(online));
    presence.start();
    await clock.run(14_000);
    line.up = false;
    await clock.run(2_000);
    line.up = true;
    await clock.run(60_000);
    expect(changes).toEqual([true]);
  });

  it('keeps the last queue lengths with their time while the line is cut', async () => {
    const { presence, clock, line } = setup();
    presence.start();
    await clock.run(1_000);
    line.up = false;
    line.ahead = 9;
    await clock.run(20 * 60_000);
    expect(presence.queueFact('civil-affairs')).toEqual({ ahead: 4, asOf: '01:50', opensAt: '09:00' });
    expect(presence.queueFact('nowhere')).toBeUndefined();
  });

  it('joins a beat that is under way when asked to check', async () => {
    const { presence, clock, line, beats } = setup();
    line.tripMs = 100;
    presence.start();
    const checks = [presence.check(), presence.check()];
    await clock.run(100);
    await Promise.all(checks);
    expect(beats).toEqual([0]);
    void presence.check();
    await clock.run(15_000);
    expect(beats).toEqual([0, 100]);
  });

  it('stops without leaving a timer', async () => {
    const { presence, clock } = setup();
    presence.start();
    await clock.run(20_000);
    presence.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a terminal that is shut out', () => {
  it('stays shut out with the cable pulled, and opens when the platform says so', async () => {
    const { presence, clock, line } = setup();
    presence.start();
    await clock.run(1_000);
    line.suspended = true;
    await clock.run(15_000);
    expect(presence.suspended()).toBe(true);
    expect(presence.online()).toBe(false);
    line.suspended = false;
    line.up = false;
    await clock.run(120_000);
    expect(presence.suspended()).toBe(true);
    line.up = true;
    await clock.run(15_000);
    expect([presence.suspended(), presence.online()]).toEqual([false, true]);
  });
});

describe('answers to other calls', () => {
  it('stand in for a beat, but for a minute at most', async () => {
    const { presence, clock, beats } = setup();
    presence.start();
    await clock.run(0);
    for (let second = 0; second < 120; second += 5) {
      await clock.run(5_000);
      presence.heard();
    }
    expect(beats).toEqual([0, 70_000]);
  });
});

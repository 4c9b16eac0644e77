import { describe, expect, it } from 'vitest';
import { createPacer } from './pacing.ts';

function paced(room = 4) {
  let nowMs = 0;
  const pacer = createPacer({ now: () => nowMs, room });
  return {
    pacer,
    advance(ms: number) {
      nowMs += ms;
    },
    arrive: (terminal: string, isLive = false) => pacer.refuse(terminal, isLive),
  };
}

describe('a crowd at the door', () => {
  it('is let in as long as there is room', () => {
    const { pacer, arrive } = paced();
    for (const terminal of ['a', 'b', 'c', 'd']) expect(arrive(terminal)).toBeUndefined();
    expect(arrive('e')).toBeGreaterThan(0);
    pacer.left();
    expect(pacer.next('a', 500)).toMatchObject({ maxRecords: 500 });
  });

  it('is spread over the time to come, each at its own place, in the order of asking', () => {
    const { arrive } = paced(0);
    const waits = Array.from({ length: 1_000 }, (_, index) => arrive(`t${index}`) ?? 0);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(new Set(waits).size).toBe(1_000);
    // 200 a second are assumed before anything was measured, of which four fifths are given away
    expect(waits.at(-1)).toBeCloseTo(1_000 / 0.16, -2);
  });

  it('keeps the place of whoever comes too early, and lets in whoever comes in time', () => {
    const { pacer, advance, arrive } = paced(1);
    arrive('inside');
    const wait = arrive('early') ?? 0;
    advance(wait / 2);
    expect(arrive('early')).toBeCloseTo(wait / 2);
    pacer.left();
    advance(wait);
    expect(arrive('early')).toBeUndefined();
  });

  it('with two batches each, twice as fast as can be served, is seldom sent away and soon drained', () => {
    const { pacer, advance, arrive } = paced(50);
    for (let count = 0; count < 50; count += 1) pacer.stored(5, 10);
    const due = Array.from({ length: 5_000 }, (_, index) => ({
      terminal: `t${index}`,
      atMs: (index * 7) % 5_000,
      left: 2,
    }));
    const inside: (typeof due)[number][] = [];
    let [nowMs, refused, accepted] = [0, 0, 0];
    for (; accepted < 10_000 && nowMs < 120_000; nowMs += 10) {
      for (const one of due.filter(({ atMs }) => atMs <= nowMs)) {
        const wait = arrive(one.terminal);
        one.atMs = wait === undefined ? Number.POSITIVE_INFINITY : nowMs + Math.ceil(wait / 1_000) * 1_000;
        if (wait === undefined) [accepted] = [accepted + 1, inside.push(one)];
        else refused += 1;
      }
      // 500 a second
      for (const served of inside.splice(0, 5)) {
        const next = pacer.next(served.terminal, 500);
        pacer.left();
        served.left -= 1;
        if (served.left > 0) served.atMs = nowMs + (next?.afterMs ?? 0);
      }
      advance(10);
    }
    expect(accepted).toBe(10_000);
    expect(refused).toBeGreaterThan(500);
    expect(refused / accepted).toBeLessThanOrEqual(0.6);
    expect(nowMs).toBeLessThan(35_000);
  });

  it('does not keep money waiting', () => {
    const { arrive } = paced(0);
    expect(arrive('waiting')).toBeGreaterThan(0);
    expect(arrive('paying', true)).toBeUndefined();
  });

  it('and yet has an end: beyond a thousand under way money waits a moment, too', () => {
    const { arrive } = paced(0);
    for (let count = 0; count < 1_024; count += 1) arrive(`t${count}`, true);
    expect(arrive('one more', true)).toBe(2_000);
  });

  it('is not paced by those who send what little there is', () => {
    const { arrive, pacer } = paced(0);
    arrive('waiting');
    expect(pacer.next('live', 3)).toBeUndefined();
    expect(pacer.next('backlog', 500)?.afterMs).toBeGreaterThan(0);
  });

  it('never waits longer than ten minutes, however many they are', () => {
    const { arrive } = paced(0);
    const waits = Array.from({ length: 200_000 }, (_, index) => arrive(`t${index}`) ?? 0);
    expect(Math.max(...waits.slice(0, 1_000), ...waits.slice(-1_000))).toBeLessThanOrEqual(600_000);
  });
});

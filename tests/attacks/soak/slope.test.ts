import { describe, expect, it } from 'vitest';
import { slopeOfSecondHalf, type Sample } from './slope.ts';

const MB = 1024 * 1024;
const SECONDS = 100;

function samples(mbAt: (second: number) => number): readonly Sample[] {
  return Array.from({ length: SECONDS + 1 }, (_, second) => ({ atMs: second * 1_000, bytes: mbAt(second) * MB }));
}

describe('the slope of memory', () => {
  it('is that of a leak, however the collector swings above it', () => {
    expect(slopeOfSecondHalf(samples((second) => 200 + second / 60 + (second % 4) * 5))).toBeCloseTo(1, 1);
  });

  it('is none when all of it grew in the first half', () => {
    expect(slopeOfSecondHalf(samples((second) => 200 + Math.min(second, 50)))).toBe(0);
  });

  it('is none for one table that doubled, early or late', () => {
    expect(slopeOfSecondHalf(samples((second) => (second < 60 ? 200 : 204)))).toBe(0);
    expect(slopeOfSecondHalf(samples((second) => (second < 90 ? 200 : 204)))).toBe(0);
  });

  it('is that of memory given back too', () => {
    expect(slopeOfSecondHalf(samples((second) => 300 - second / 30))).toBeCloseTo(-2, 1);
  });
});

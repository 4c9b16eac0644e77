import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterTry,
  nextFinger,
  startWalk,
  WALK_ORDER,
  type Finger,
  type FingerWalk,
  type TryResult,
} from './finger-walk.ts';

const MATCH: TryResult = { kind: 'match' };
const MISMATCH: TryResult = { kind: 'mismatch' };
const DRY: TryResult = { kind: 'poor', advice: 'dry' };
const SKIPPED: TryResult = { kind: 'skipped' };

function shown(finger: Finger | undefined): string {
  return finger ? `${finger.hand} ${finger.name}` : 'none';
}

/** The fingers asked for, one after each result, and the walk at the end. */
function walked(results: readonly TryResult[], walk = startWalk()): { asked: string[]; walk: FingerWalk } {
  const asked = [shown(nextFinger(walk))];
  let now = walk;
  for (const result of results) {
    now = afterTry(now, result);
    asked.push(shown(nextFinger(now)));
  }
  return { asked, walk: now };
}

describe('the walk', () => {
  it('goes from thumbs to little fingers, right before left', () => {
    const ten = WALK_ORDER.map(shown);
    expect(ten.slice(0, 4)).toEqual(['right thumb', 'left thumb', 'right index', 'left index']);
    expect(ten.slice(-2)).toEqual(['right little', 'left little']);
    expect(new Set(ten).size).toBe(10);
  });

  it('of the resident in A03 ends at the right index finger', () => {
    const { asked, walk } = walked([DRY, DRY, DRY, DRY, MATCH]);
    expect(asked).toEqual(['right thumb', 'right thumb', 'left thumb', 'left thumb', 'right index', 'none']);
    expect(walk.end).toBe('matched');
  });

  it('gives the advice of a poor try to the next try of that finger, and no further', () => {
    const once = afterTry(startWalk(), DRY);
    expect(once.advice).toBe('dry');
    expect(afterTry(once, DRY).advice).toBeUndefined();
    expect(afterTry(once, MISMATCH).advice).toBeUndefined();
    expect(afterTry(startWalk(), { kind: 'poor' }).advice).toBeUndefined();
  });

  it('of poor prints only is exhausted after six tries, without a mismatch', () => {
    const { asked, walk } = walked(Array.from({ length: 6 }, () => DRY));
    expect(asked.at(-2)).toBe('right index');
    expect(walk).toMatchObject({ end: 'exhausted', tries: 6, mismatches: 0 });
  });

  it('of an impostor is mismatched after six tries', () => {
    expect(walked(Array.from({ length: 6 }, () => MISMATCH)).walk).toMatchObject({ end: 'mismatched', mismatches: 6 });
    expect(walked([DRY, MISMATCH, DRY, DRY, DRY, DRY]).walk.end).toBe('mismatched');
  });

  it('passes over fingers that are missing, at no cost', () => {
    const { asked, walk } = walked([SKIPPED, SKIPPED, DRY, DRY, DRY, DRY, DRY]);
    expect(asked[2]).toBe('right index');
    expect(walk).toMatchObject({ tries: 5 });
    expect(nextFinger(walk)).toEqual({ hand: 'right', name: 'middle' });
    expect(walked(Array.from({ length: 10 }, () => SKIPPED)).walk).toMatchObject({ end: 'exhausted', tries: 0 });
  });

  it('asks only for fingers there is a template of, in its own order', () => {
    const walk = startWalk([
      { hand: 'left', name: 'index' },
      { hand: 'right', name: 'thumb' },
    ]);
    expect(walked([DRY, DRY, MISMATCH, MISMATCH], walk).asked).toEqual([
      'right thumb',
      'right thumb',
      'left index',
      'left index',
      'none',
    ]);
    expect(startWalk([]).end).toBe('exhausted');
  });

  it('keeps to its limits and ends, whatever happens, and changes nothing after its end', () => {
    const result = fc.constantFrom(MATCH, MISMATCH, DRY, SKIPPED);
    fc.assert(
      fc.property(fc.array(result, { minLength: 16, maxLength: 30 }), (results) => {
        let walk = startWalk();
        const tries = new Map<string, number>();
        for (const each of results) {
          const finger = shown(nextFinger(walk));
          if (finger !== 'none' && each.kind !== 'skipped') tries.set(finger, (tries.get(finger) ?? 0) + 1);
          const next = afterTry(walk, each);
          if (walk.end !== undefined) expect(next).toBe(walk);
          walk = next;
        }
        expect(walk.end).toBeDefined();
        expect(nextFinger(walk)).toBeUndefined();
        expect(Math.max(0, ...tries.values())).toBeLessThanOrEqual(2);
        expect(walk.tries).toBeLessThanOrEqual(6);
        expect([...tries.values()].reduce((sum, count) => sum + count, 0)).toBe(walk.tries);
        expect(structuredClone(walk)).toEqual(walk);
      }),
    );
  });
});

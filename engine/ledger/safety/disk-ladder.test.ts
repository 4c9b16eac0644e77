import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { createBallast } from './ballast.ts';
import { createDiskLadder, DISK_LEVELS, levelAfter, MIB, type DiskLevel } from './disk-ladder.ts';

function ladder(freeMebibytes: number, ballast?: { isWhole: boolean }) {
  const clock = new SimulatedClock();
  const seen: DiskLevel[] = [];
  const disk = { free: freeMebibytes * MIB, released: 0 };
  const made = createDiskLadder({
    clock,
    freeBytes: () => disk.free,
    onChange: (level) => seen.push(level),
    ...(ballast && {
      ballast: { bytes: 64 * MIB, isWhole: () => ballast.isWhole, release: () => Boolean(++disk.released) },
    }),
  });
  return { clock, disk, seen, made };
}

describe('a disk that fills up', () => {
  it.each([
    [512, 'plenty'],
    [511, 'noMedia'],
    [256, 'noMedia'],
    [255, 'noPaid'],
    [64, 'noPaid'],
    [63, 'syncOnly'],
    [0, 'syncOnly'],
  ] as const)('with %i MB free stands at %s', (free, level) => {
    expect(ladder(free).made.level()).toBe(level);
  });

  it('does not open and close a service by the minute at its limit', () => {
    const { clock, disk, seen, made } = ladder(255);
    for (const free of [255, 257, 255, 260, 250, 271]) {
      disk.free = free * MIB;
      clock.advance(2_000);
      made.level();
    }
    expect(seen).toEqual(['noPaid']);
    disk.free = 273 * MIB;
    clock.advance(2_000);
    expect(made.level()).toBe('noMedia');
  });

  it('does not take the space of a ballast let go for room', () => {
    const ballast = { isWhole: true };
    const { clock, disk, made } = ladder(60, ballast);
    expect(made.level()).toBe('syncOnly');
    expect(disk.released).toBe(1);
    ballast.isWhole = false;
    disk.free = 124 * MIB;
    clock.advance(2_000);
    expect(made.level()).toBe('syncOnly');
    expect(made.hasRoomForBallast(), 'not before services are open again').toBe(false);
    disk.free = 400 * MIB;
    expect(made.hasRoomForBallast()).toBe(true);
  });

  it('is not asked more than once a second', () => {
    const { clock, disk, made } = ladder(1_000);
    made.level();
    disk.free = 0;
    expect(made.level()).toBe('plenty');
    clock.advance(1_000);
    expect(made.level()).toBe('syncOnly');
  });

  it('never stands better than its free space allows, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_024 }), { minLength: 1 }), (frees) => {
        let level: DiskLevel = 'plenty';
        for (const free of frees) level = levelAfter(level, free * MIB);
        const last = frees.at(-1) ?? 0;
        const allowed = levelAfter('plenty', last * MIB);
        expect(DISK_LEVELS.indexOf(level)).toBeGreaterThanOrEqual(DISK_LEVELS.indexOf(allowed));
        expect(DISK_LEVELS.indexOf(level)).toBeLessThanOrEqual(
          DISK_LEVELS.indexOf(levelAfter('plenty', (last - 16) * MIB)),
        );
      }),
    );
  });
});

describe('the ballast', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ballast-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('takes up real blocks, is let go once and laid down again', async () => {
    const path = join(directory, 'ballast.bin');
    const ballast = createBallast(path, 3 * MIB);
    expect(ballast.isWhole()).toBe(false);
    expect(await ballast.rebuild()).toEqual({ ok: true, value: undefined });
    expect(ballast.isWhole()).toBe(true);
    expect(statSync(path).blocks * 512).toBeGreaterThanOrEqual(3 * MIB);
    expect(ballast.release()).toBe(true);
    expect(ballast.release()).toBe(false);
  });

  it('that was cut short by a crash is no ballast', () => {
    const path = join(directory, 'ballast.bin');
    writeFileSync(path, 'half');
    expect(createBallast(path, 3 * MIB).isWhole()).toBe(false);
  });

  it('leaves nothing behind where it finds no room', async () => {
    const ballast = createBallast(join(directory, 'nowhere', 'ballast.bin'), MIB);
    expect(await ballast.rebuild()).toMatchObject({ ok: false, problem: { code: 'ledger.full' } });
  });
});

/**
 * The disk of the power cuts, apart from SQLite: what it may lose and what it may not, and that an image on disk is the one
 * that was drawn. An attack on a disk that forgets too little would pass whatever the ledger does.
 */
import fc from 'fast-check';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Draw } from '../support/draw.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { DiskModel } from './disk-model.ts';
import { ImageDirectory } from './image-directory.ts';
import { drawCuts, imageOf, type Fate, type Image } from './power-cut.ts';
import type { LogRecord, RecordKind } from './recording-log.ts';

const FILE = '/disk/a';
const SECTOR = 512;

function record(kind: RecordKind, path = FILE, offset = 0, data: Uint8Array = Buffer.alloc(0)): LogRecord {
  return { kind, path, offset, data: Buffer.from(data) };
}

function diskAfter(...records: readonly LogRecord[]): DiskModel {
  const disk = new DiskModel();
  for (const one of records) disk.apply(one);
  return disk;
}

function bytesIn(image: Image, path = FILE): Buffer | undefined {
  const found = image.get(path);
  return found && found.file.whole(found.writes);
}

/** The image in which all names are there and the pending writes have these fates. */
function left(disk: DiskModel, ...writes: readonly Fate[]): Buffer | undefined {
  return bytesIn(imageOf(disk, { names: disk.pendingNames.map(() => true), writes }));
}

describe('a disk at a power cut', () => {
  it('loses what no sync covers, and nothing that one does', () => {
    const first = record('write', FILE, 0, Buffer.from('first'));
    const disk = diskAfter(record('create'), first, record('sync'), record('write', FILE, 5, Buffer.from(' second')));
    expect(left(disk, 'lost')?.toString()).toBe('first');
    expect(left(disk, 'kept')?.toString()).toBe('first second');
  });

  it('loses what a sync that is under way will cover, and what is written meanwhile after it', () => {
    const [first, second] = [Buffer.from('first'), Buffer.from(' second')];
    const [begun, ended] = [record('syncing', FILE, 7), record('synced', FILE, 7)];
    const acts = [record('create'), record('write', FILE, 0, first), begun, record('write', FILE, 5, second)];
    expect(left(diskAfter(...acts), 'lost', 'lost')?.toString()).toBe('');
    expect(left(diskAfter(...acts, ended), 'lost')?.toString()).toBe('first');
    expect(left(diskAfter(...acts, ended), 'kept')?.toString()).toBe('first second');
    // another sync, begun later and ended sooner, takes the rest with it
    const both = diskAfter(...acts, record('syncing', FILE, 8), record('synced', FILE, 8), ended);
    expect(left(both)?.toString()).toBe('first second');
  });

  it('may keep a later write and lose an earlier one', () => {
    const writes = ['aaaa', 'bbbb'].map((text, index) => record('write', FILE, 4 * index, Buffer.from(text)));
    const disk = diskAfter(record('create'), ...writes);
    expect(left(disk, 'lost', 'kept')).toEqual(Buffer.from('\0\0\0\0bbbb'));
  });

  it('tears a write at the sectors of the disk, not at its own beginning', () => {
    const disk = diskAfter(record('create'), record('write', FILE, 500, Buffer.alloc(600, 'x')));
    const torn = left(disk, { sectors: [true, false, true] });
    expect(torn?.length).toBe(1100);
    expect(torn?.subarray(500, SECTOR).toString()).toBe('x'.repeat(12));
    expect(torn?.subarray(SECTOR, 2 * SECTOR).every((byte) => byte === 0)).toBe(true);
    expect(torn?.subarray(2 * SECTOR).toString()).toBe('x'.repeat(76));
  });

  it('forgets the name of a file whose directory was not synced, though the file was', () => {
    const written = [record('create'), record('write', FILE, 0, Buffer.from('x')), record('sync')];
    const lost = { names: [false], writes: [] };
    expect(imageOf(diskAfter(...written), lost).size).toBe(0);
    const synced = diskAfter(...written, record('directory', '/disk'));
    expect(bytesIn(imageOf(synced, { names: [], writes: [] }))?.toString()).toBe('x');
  });

  it('may still hold a file that was deleted', () => {
    const disk = diskAfter(record('create'), record('directory', '/disk'), record('unlink'));
    expect(disk.names.has(FILE)).toBe(false);
    expect(imageOf(disk, { names: [false], writes: [] }).has(FILE)).toBe(true);
  });

  it('does both halves of a rename or neither', () => {
    const rename = { ...record('rename'), data: Buffer.from('/disk/b') };
    const disk = diskAfter(record('create'), record('directory', '/disk'), rename);
    const namesWhen = (kept: boolean): readonly string[] => [...imageOf(disk, { names: [kept], writes: [] }).keys()];
    expect(namesWhen(true)).toEqual(['/disk/b']);
    expect(namesWhen(false)).toEqual([FILE]);
  });
});

describe('an image on disk', () => {
  let scratch = '';
  beforeEach(() => {
    scratch = scratchDirectory('power-cut-test');
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  const path = fc.constantFrom('/disk/a', '/disk/b');
  const act = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('write'), path, at: fc.nat(3_000), length: fc.nat(1_500) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('truncate'), path, at: fc.nat(4_000), length: fc.constant(0) }),
    },
    ...['sync', 'unlink', 'directory'].map((kind) => ({
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant(kind), path, at: fc.constant(0), length: fc.constant(0) }),
    })),
  );

  it('is the one that was drawn, whatever lay there before', () => {
    let run = 0;
    const property = fc.property(fc.array(act, { maxLength: 40 }), fc.nat(), (acts, seed) => {
      const draw = new Draw(seed);
      const disk = new DiskModel();
      const images = new ImageDirectory('/disk', ['/disk/a'], `${scratch}/${run++}`);
      for (const { kind, path: file, at, length } of acts) {
        if (!disk.names.has(file)) disk.apply(record('create', file));
        const where = kind === 'directory' ? '/disk' : file;
        disk.apply(record(kind as RecordKind, where, at, draw.bytes(length)));
        for (const cut of drawCuts(disk, 3, draw)) {
          const image = imageOf(disk, cut);
          images.show(image);
          for (const name of ['/disk/a', '/disk/b']) {
            const found = existsSync(images.path(name)) ? readFileSync(images.path(name)) : undefined;
            expect(found).toEqual(bytesIn(image, name));
          }
        }
      }
      images.close();
    });
    const noBytes = { kind: 'write', path: FILE, at: 1, length: 0 };
    fc.assert(property, { numRuns: 60, examples: [[[noBytes], 0]] });
  });
});

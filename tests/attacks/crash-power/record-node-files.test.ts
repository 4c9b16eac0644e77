/** What the recorder of `node:fs` tells of syncs that others write beside, and what it refuses. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../support/scratch.ts';
import { DiskModel } from './disk-model.ts';
import { recordNodeFiles } from './record-node-files.ts';
import { holeIn } from './recording-hole.ts';
import { readRecordingLog, RecordingLog, type LogRecord } from './recording-log.ts';

const real = { ...fs };
const realPromises = { ...fs.promises };
let scratch: string;
let directory: string;
let path: string;
let log: RecordingLog;
beforeEach(() => {
  scratch = scratchDirectory('record-node-files-test');
  directory = join(scratch, 'disk');
  path = join(directory, 'a-wal');
  fs.mkdirSync(directory);
  log = new RecordingLog(join(scratch, 'log'));
});
afterEach(() => {
  restore(fs, real);
  restore(fs.promises, realPromises);
  syncBuiltinESMExports();
  log.close();
  fs.rmSync(scratch, { recursive: true });
});

/** Some of its members can only be read. */
function restore(target: object, from: object): void {
  for (const [name, value] of Object.entries(from)) {
    if (Reflect.get(target, name) !== value) Reflect.set(target, name, value);
  }
}

const recorded = (): readonly LogRecord[] => readRecordingLog(join(scratch, 'log'));

function durable(records: readonly LogRecord[]): string | undefined {
  const disk = new DiskModel();
  for (const record of records) disk.apply(record);
  return disk.names.get(path)?.durable().toString();
}

/** Syncs, and writes ` second` while that is under way. */
function syncBeside(sync: (file: number, done: (error: Error | null) => void) => void): Promise<Error | null> {
  const [writer, syncer] = [fs.openSync(path, 'a'), fs.openSync(path, 'r+')];
  fs.writeSync(writer, Buffer.from('first'));
  const ended = new Promise<Error | null>((resolve) => sync(syncer, resolve));
  fs.writeSync(writer, Buffer.from(' second'));
  return ended.finally(() => [writer, syncer].forEach((file) => fs.closeSync(file)));
}

describe('a sync beside other work', () => {
  for (const name of ['fsync', 'fdatasync'] as const) {
    it(`covers what was written before it began, once it has ended (${name})`, async () => {
      recordNodeFiles(directory, log);
      await syncBeside(fs[name]);
      expect(recorded().map(({ kind }) => kind)).toEqual(['create', 'write', 'syncing', 'write', 'synced']);
      expect(durable(recorded().slice(0, -1))).toBe('');
      expect(durable(recorded())).toBe('first');
    });
  }

  it('that fails covers nothing', async () => {
    fs.fdatasync = ((_file: number, done: (error: Error) => void) => done(new Error('EIO'))) as typeof fs.fdatasync;
    recordNodeFiles(directory, log);
    expect(await syncBeside(fs.fdatasync)).toBeInstanceOf(Error);
    expect(durable(recorded())).toBe('');
  });
});

describe('a sync that is waited for', () => {
  it('covers the file, or the names in the directory', () => {
    recordNodeFiles(directory, log);
    const file = fs.openSync(path, 'a');
    fs.writeSync(file, Buffer.from('first'));
    fs.fdatasyncSync(file);
    expect(durable(recorded())).toBe('first');
    const parent = fs.openSync(directory, 'r');
    fs.fsyncSync(parent);
    expect(recorded().at(-1)).toMatchObject({ kind: 'directory', path: directory });
    [file, parent].forEach((one) => fs.closeSync(one));
  });
});

describe('a change that would not be seen', () => {
  it('is refused', async () => {
    fs.writeFileSync(path, 'there');
    recordNodeFiles(directory, log);
    const file = fs.openSync(path, 'r+');
    expect(() => fs.writeSync(file, Buffer.from('x'))).toThrow('not recorded');
    expect(() => fs.write(file, 'x', () => undefined)).toThrow('not recorded');
    expect(() => fs.openSync(path, 'w')).toThrow('not recorded');
    expect(() => fs.writeFileSync(path, 'x')).toThrow('not recorded');
    await expect(async () => fs.promises.writeFile(path, 'x')).rejects.toThrow('not recorded');
    await expect(async () => fs.promises.open(path, 'a')).rejects.toThrow('not recorded');
    const parent = fs.openSync(directory, 'r');
    expect(() => fs.fsync(parent, () => undefined)).toThrow('not recorded');
    [file, parent].forEach((one) => fs.closeSync(one));
    expect(fs.readFileSync(path, 'utf8')).toBe('there');
    expect(() => fs.openSync(join(directory, 'none'), 'r+')).toThrow('ENOENT');
    expect(recorded()).toEqual([]);
  });

  it('elsewhere is none of its business', () => {
    recordNodeFiles(directory, log);
    const elsewhere = join(scratch, 'elsewhere');
    fs.writeFileSync(elsewhere, 'x');
    expect(fs.readFileSync(elsewhere, 'utf8')).toBe('x');
    expect(recorded()).toEqual([]);
  });
});

describe('a recording', () => {
  it('with a hole in it is found out', () => {
    recordNodeFiles(directory, log);
    const file = fs.openSync(path, 'a');
    fs.writeSync(file, Buffer.from('told'));
    expect(holeIn(recorded(), directory)).toBeUndefined();
    real.writeSync(file, Buffer.from('untold'));
    expect(holeIn(recorded(), directory)).toContain('holds something else');
    real.writeFileSync(join(directory, 'b'), '');
    expect(holeIn([], directory)).toContain('was never created');
    real.unlinkSync(path);
    expect(holeIn(recorded(), directory)).toContain('is not there');
    fs.closeSync(file);
  });
});

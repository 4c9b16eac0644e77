/** The thread that writes the log back: that the log stays short, that nobody is held up or written over, and its falls. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { openSharedFile } from './open-database.ts';
import type { PlatformDatabase } from './tables.ts';
import { startWriteBack, type WriteBack, type WriteBackOptions } from './write-back.system.ts';
import { createWriteLock, type WriteLock } from './write-lock.ts';

const LIMITS = { stepPages: 40, mostPages: 160, everyMs: 100 };
const PAGE_BYTES = 4096 + 24;
const PATIENT = { timeout: 20_000 };

let folder: string;
let path: string;
let lock: WriteLock;
let clock: SimulatedClock;
let database: PlatformDatabase;
let writeBack: WriteBack;
let faults: Error[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'write-back-'));
  path = join(folder, 'platform.sqlite');
  lock = createWriteLock();
  clock = new SimulatedClock();
  faults = [];
  database = await openSharedFile(path, lock);
});
afterEach(async () => {
  await writeBack.close();
  await database.destroy();
  rmSync(folder, { recursive: true, force: true });
});

function start(options: Partial<WriteBackOptions> = {}): void {
  const onFault = (fault: Error): void => void faults.push(fault);
  writeBack = startWriteBack({ path, lock, clock, onFault, limits: LIMITS, ...options });
}

let written = 0;
/** About a dozen pages in one commit. */
async function write(): Promise<void> {
  const rows = Array.from({ length: 10 }, () => ({
    terminal_id: 'K1',
    incarnation: 'inc',
    stream: 'ledger',
    first_seq: ++written,
    last_seq: written,
    prev_hash: 'h',
    events: 'e'.repeat(4_500),
    received_ms: 1,
  }));
  await database.insertInto('record_batches').values(rows).execute();
}
async function count(): Promise<number> {
  const row = await database
    .selectFrom('record_batches')
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}
const logPages = (): number => Math.floor(statSync(`${path}-wal`).size / PAGE_BYTES);

describe('the log', () => {
  it('does not grow with what is written', async () => {
    start();
    const before = await count();
    for (let commit = 0; commit < 60; commit += 1) {
      await write();
      await writeBack.look();
    }
    expect((await count()) - before).toBe(600);
    // sixty commits of a dozen pages: without anybody who writes it back it would hold all of them
    expect(logPages()).toBeLessThan(LIMITS.mostPages + 40);
    expect(faults).toEqual([]);
  });

  it('is looked at from time to time, without being asked for it', async () => {
    start();
    for (let commit = 0; commit < 20; commit += 1) await write();
    const taken = vi.spyOn(lock, 'take');
    clock.advance(LIMITS.everyMs);
    await vi.waitFor(() => expect(taken).toHaveBeenCalled(), PATIENT);
    await writeBack.look();
    const pages = logPages();
    for (let commit = 0; commit < 5; commit += 1) await write();
    expect(logPages()).toBe(pages);
  });

  it('begins anew only while nobody writes', async () => {
    start();
    for (let commit = 0; commit < 20; commit += 1) await write();
    const unlock = await lock.take();
    const looked = writeBack.look();
    await vi.waitFor(() => expect(lock.isWanted).toBe(true), PATIENT);
    unlock();
    await looked;
    const pages = logPages();
    await write();
    expect(logPages()).toBe(pages);
  });
});

describe('a program that reads for long', () => {
  it('does not make those who write wait again and again, and the log begins anew when it has ended', async () => {
    start();
    await write();
    const other = new SqliteDatabase(path);
    other.exec('BEGIN');
    other.prepare('SELECT count(*) FROM record_batches').get();
    for (let commit = 0; commit < 20; commit += 1) await write();
    const taken = vi.spyOn(lock, 'take');
    for (let look = 0; look < 5; look += 1) await writeBack.look();
    expect(taken).toHaveBeenCalledTimes(1);
    const held = logPages();
    for (let commit = 0; commit < 5; commit += 1) await write();
    expect(logPages()).toBeGreaterThan(held);
    other.close();
    await writeBack.look();
    const pages = logPages();
    await write();
    expect(logPages()).toBe(pages);
    expect(faults).toEqual([]);
  });
});

describe('a thread that has fallen', () => {
  it('is told of once, and writing goes on', async () => {
    start({ path: join(folder, 'nowhere.sqlite') });
    for (let commit = 0; commit < 20; commit += 1) {
      await write();
      await writeBack.look();
    }
    expect(faults.map(({ message }) => message)).toEqual(['the log is written back by those who write']);
    expect(await count()).toBe(200);
  });
});

describe('a disk that fails for a while', () => {
  it('is told of once each time, and tried again at each look', async () => {
    start({ program: new URL('../test-support/failing-write-back.main.ts', import.meta.url) });
    const told: number[] = [];
    for (let look = 0; look < 6; look += 1) {
      await writeBack.look();
      told.push(faults.length);
    }
    // as that thread answers: twice not, then well, then not, then well
    expect(told).toEqual([1, 1, 1, 2, 2, 2]);
  });
});

/** A file to which two write: who waits for whom, and what is seen meanwhile. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextTurn } from '../next-turn.system.ts';
import { isUnavailable } from './database-faults.ts';
import { openSharedFile, openStoringFile } from './open-database.ts';
import type { Commit, PlatformDatabase } from './tables.ts';
import { createWriteLock, type WriteLock } from './write-lock.ts';

let folder: string;
let lock: WriteLock;
let database: PlatformDatabase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shared-sqlite-'));
  lock = createWriteLock();
  database = await openSharedFile(join(folder, 'platform.sqlite'), lock);
});
afterEach(async () => {
  await database.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const add = (commit: PlatformDatabase, id: string) =>
  commit.insertInto('terminals').values({ terminal_id: id, state: 'active', station: null, facts: null }).execute();
const ids = async (from: PlatformDatabase = database): Promise<readonly string[]> =>
  (await from.selectFrom('terminals').select('terminal_id').orderBy('terminal_id').execute()).map(
    (row) => row.terminal_id,
  );

describe('while another writes', () => {
  it('what only reads is read', async () => {
    await add(database, 'a');
    await lock.take();
    expect(await ids()).toEqual(['a']);
  });

  it('a statement that writes waits', async () => {
    const unlock = await lock.take();
    const added = add(database, 'a');
    await nextTurn();
    expect(await ids()).toEqual([]);
    unlock();
    await added;
    expect(await ids()).toEqual(['a']);
  });

  it('so does one that writes and tells what it wrote', async () => {
    const unlock = await lock.take();
    const told = sql`INSERT INTO terminals VALUES ('a', 'active', NULL, NULL) RETURNING terminal_id`.execute(database);
    await nextTurn();
    expect(await ids()).toEqual([]);
    unlock();
    expect((await told).rows).toEqual([{ terminal_id: 'a' }]);
  });

  it('a transaction waits, also one that would read first', async () => {
    const unlock = await lock.take();
    let hasBegun = false;
    const done = database.transaction().execute(async (commit) => {
      hasBegun = true;
      return ids(commit);
    });
    await nextTurn();
    expect(hasBegun).toBe(false);
    unlock();
    expect(await done).toEqual([]);
  });
});

describe('a transaction', () => {
  it('sees its own rows; nobody else does before its commit', async () => {
    const seen = await database.transaction().execute(async (commit) => {
      await add(commit, 'a');
      return [await ids(commit), await ids()];
    });
    expect(seen).toEqual([['a'], []]);
    expect(await ids()).toEqual(['a']);
  });

  it('that fails leaves nothing behind, and the next one has its turn', async () => {
    const fail = async (commit: Commit): Promise<void> => {
      await add(commit, 'a');
      throw new Error('halfway');
    };
    await expect(database.transaction().execute(fail)).rejects.toThrow('halfway');
    await database.transaction().execute((commit) => add(commit, 'b'));
    expect(await ids()).toEqual(['b']);
  });
});

describe('a statement', () => {
  it('that fails gives the lock back', async () => {
    await add(database, 'a');
    await expect(add(database, 'a')).rejects.toThrow('UNIQUE');
    await add(database, 'b');
    expect(await ids()).toEqual(['a', 'b']);
  });

  it('tells how many rows it changed', async () => {
    await add(database, 'a');
    const [updated] = await database.updateTable('terminals').set({ state: 'suspended' }).execute();
    expect(updated?.numUpdatedRows).toBe(1n);
  });
});

describe('a disk that is full in the middle of a transaction', () => {
  it.each([
    ['of the thread that serves', () => Promise.resolve(database)],
    ['of the thread that stores', () => openStoringFile(join(folder, 'platform.sqlite'))],
  ])('%s is told as what it is, leaves nothing, and holds up nobody', async (_, open) => {
    const writer = await open();
    await add(writer, 'before');
    const full = writer.transaction().execute(async (commit) => {
      await sql`PRAGMA max_page_count = 1`.execute(commit);
      for (let row = 0; ; row += 1) await add(commit, `${row} ${'x'.repeat(8_000)}`);
    });
    const fault: unknown = await full.catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'SQLITE_FULL' });
    expect(isUnavailable(fault)).toBe(true);
    await sql`PRAGMA max_page_count = 100000`.execute(writer);
    await add(writer, 'later');
    expect(await ids(writer)).toEqual(['before', 'later']);
    if (writer !== database) await writer.destroy();
  });
});

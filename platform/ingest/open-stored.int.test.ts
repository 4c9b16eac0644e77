/** A store on a file: nothing is acknowledged before it is on the disk, and a disk that failed once is not believed again. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { isUnavailable } from '../database/database-faults.ts';
import { openDatabase, openSharedFile } from '../database/open-database.ts';
import { openLogSync } from '../database/log-sync.system.ts';
import { createWriteLock } from '../database/write-lock.ts';
import { bodyOf, batchOf, recordsOf, rated } from '../test-support/ledger.ts';
import type { SentBatch } from './ingest.types.ts';
import { openStored, type Stored } from './open-stored.ts';

const BODY = bodyOf(batchOf(recordsOf([rated(5)])));
const PATIENT = { timeout: 20_000 };

let folder: string;
let path: string;
let stored: Stored;
let lost: unknown[];
/** Ends of the syncs that were begun. */
let syncs: ((error: Error | null) => void)[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'open-stored-'));
  path = join(folder, 'platform.sqlite');
  lost = [];
  syncs = [];
  stored = await openStored(
    { sqlitePath: path },
    {
      clock: new SimulatedClock(),
      onFault: () => undefined,
      onLost: (error) => void lost.push(error),
      openLog: (database) =>
        openLogSync(database, { open: () => 0, sync: (_file, done) => void syncs.push(done), close: () => undefined }),
    },
  );
});
afterEach(async () => {
  for (const done of syncs) done(null);
  await stored.store.close();
  await stored.database.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const sent = (terminal: string): SentBatch => ({ terminal, stream: 'ledger', body: BODY, receivedMs: 1_000 });
async function terminals(): Promise<readonly string[]> {
  const rows = await stored.database.selectFrom('heads').select('terminal_id').orderBy('terminal_id').execute();
  return rows.map((row) => row.terminal_id);
}

it('acknowledges a group when the log was synced after it, and stores the next one meanwhile', async () => {
  const acknowledged: string[] = [];
  const tell = (name: string) => () => void acknowledged.push(name);
  const first = stored.store.store([sent('kiosk-1')]).then(tell('kiosk-1'));
  await vi.waitFor(() => expect(syncs).toHaveLength(1), PATIENT);
  const second = stored.store.store([sent('kiosk-2')]).then(tell('kiosk-2'));
  await vi.waitFor(async () => expect(await terminals()).toEqual(['kiosk-1', 'kiosk-2']), PATIENT);
  expect(acknowledged).toEqual([]);
  syncs[0]?.(null);
  await first;
  await vi.waitFor(() => expect(syncs).toHaveLength(2), PATIENT);
  // the sync that had begun before it was committed says nothing of it
  expect(acknowledged).toEqual(['kiosk-1']);
  syncs[1]?.(null);
  await second;
  expect(acknowledged).toEqual(['kiosk-1', 'kiosk-2']);
});

it('acknowledges nothing any more once the disk has failed to sync', async () => {
  const first = stored.store.store([sent('kiosk-1')]).catch((error: unknown) => error);
  await vi.waitFor(() => expect(syncs).toHaveLength(1), PATIENT);
  syncs[0]?.(new Error('EIO'));
  expect(isUnavailable(await first)).toBe(true);
  const second = await stored.store.store([sent('kiosk-2')]).catch((error: unknown) => error);
  expect(isUnavailable(second)).toBe(true);
  expect(syncs).toHaveLength(1);
  expect(lost).toEqual([await first, second]);
});

/** What the file says without its log. */
async function terminalsInFile(): Promise<readonly string[]> {
  const copy = join(folder, 'copy.sqlite');
  copyFileSync(path, copy);
  const database = await openDatabase({ sqlitePath: copy });
  try {
    const rows = await database.selectFrom('heads').select('terminal_id').execute();
    return rows.map((row) => row.terminal_id);
  } finally {
    await database.destroy();
    rmSync(copy);
  }
}

it('begins with all of the log in the file, so that nothing new stands on what was never synced', async () => {
  const first = stored.store.store([sent('kiosk-1')]);
  await vi.waitFor(() => expect(syncs).toHaveLength(1), PATIENT);
  syncs[0]?.(null);
  await first;
  expect(await terminalsInFile()).toEqual([]);
  const another = await openSharedFile(path, createWriteLock());
  await another.destroy();
  expect(await terminalsInFile()).toEqual(['kiosk-1']);
});

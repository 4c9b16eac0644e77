/** The thread that stores: what it answers, what becomes of its faults and falls, and who may write meanwhile. */
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { isUnavailable } from '../database/database-faults.ts';
import { openDatabase, openSharedFile } from '../database/open-database.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { createWriteLock, type WriteLock } from '../database/write-lock.ts';
import { contentsOf } from '../test-support/contents.ts';
import { batchOf, bodyOf, headOf, paid, printed, rated, recordsOf } from '../test-support/ledger.ts';
import { createGroupStore } from './group-store.ts';
import { createIngest, type Ingest } from './ingest.ts';
import type { GroupStore, SentBatch } from './ingest.types.ts';
import { openStoreThread } from './store-thread.system.ts';

const FALLING = new URL('../test-support/falling-store-thread.main.ts', import.meta.url);
const RECORDS = recordsOf([paid('T1'), printed('J1'), rated(5)]);
const BODY = bodyOf(batchOf(RECORDS));

let folder: string;
let path: string;
let lock: WriteLock;
let database: PlatformDatabase;
let store: GroupStore;
let ingest: Ingest;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'store-thread-'));
  path = join(folder, 'platform.sqlite');
  lock = createWriteLock();
  database = await openSharedFile(path, lock);
  store = await openStoreThread(path, lock, FALLING);
  ingest = createIngest({ store, clock: new SimulatedClock() });
});
afterEach(async () => {
  await store.close();
  await database.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const sent = (terminal: string, body = BODY): SentBatch => ({ terminal, stream: 'ledger', body, receivedMs: 1_000 });
const takeAll = (terminals: readonly string[]) =>
  Promise.allSettled(terminals.map((terminal) => ingest.take(terminal, 'ledger', BODY)));
const headsOf = async (): Promise<readonly string[]> =>
  (await contentsOf(database)).heads.map((row) => row.terminal_id);

describe('a group in the thread', () => {
  it('is answered and stored as it is without one', async () => {
    const group = [
      sent('kiosk-1'),
      sent('kiosk-2', Buffer.from('{')),
      sent('kiosk-2', Buffer.from('{}')),
      sent('kiosk-2', bodyOf(batchOf(recordsOf([rated(1), rated(2)]), 2))),
      sent('kiosk-2'),
    ];
    const plain = await openDatabase({ sqlitePath: ':memory:' });
    const outcomes = await store.store(group);
    expect(outcomes).toEqual(await createGroupStore(plain).store(group));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'unreadable', 'notInContract', 'gap', 'accepted']);
    expect(await contentsOf(database)).toEqual(await contentsOf(plain));
    await plain.destroy();
  });

  it('given behind another is begun after it, and both are answered in order', async () => {
    const heard: string[] = [];
    const give = async (name: string, group: readonly SentBatch[]): Promise<void> => {
      const outcomes = await store.store(group, () => void heard.push(`${name} written`));
      heard.push(`${name} ${outcomes.map(({ kind }) => kind).join()}`);
    };
    const records = recordsOf([paid('T1'), printed('J1'), rated(5), rated(4)]);
    await Promise.all([
      give('first', [sent('kiosk-1', bodyOf(batchOf(records, 1, 2)))]),
      give('second', [sent('kiosk-1', bodyOf(batchOf(records, 3, 4)))]),
    ]);
    expect(heard).toEqual(['first written', 'first accepted', 'second written', 'second accepted']);
    expect((await contentsOf(database)).heads).toMatchObject([headOf(records)]);
  });

  it('gives way to what this thread writes, and the other way round', async () => {
    const records = recordsOf(Array.from({ length: 30 }, () => rated(3)));
    const writes = Array.from({ length: 30 }, (_, index) => [
      ingest.take('kiosk-1', 'ledger', bodyOf(batchOf(records, index + 1, index + 1))),
      database.transaction().execute((commit) =>
        commit
          .insertInto('terminals')
          .values({ terminal_id: `t-${index}`, state: 'active', station: null, facts: null })
          .execute(),
      ),
    ]);
    await Promise.all(writes.flat());
    expect((await contentsOf(database)).heads).toMatchObject([headOf(records)]);
    expect(await database.selectFrom('terminals').select('terminal_id').execute()).toHaveLength(30);
  });
});

describe('a fault in the thread', () => {
  it('leaves nothing behind, and takes no neighbour with it', async () => {
    await sql`CREATE TRIGGER fault BEFORE INSERT ON payments WHEN NEW.terminal_id = 'kiosk-2'
      BEGIN SELECT RAISE(ABORT, 'disk fault'); END`.execute(database);
    const taken = await takeAll(['kiosk-1', 'kiosk-2', 'kiosk-3']);
    expect(taken).toMatchObject([
      { value: { kind: 'accepted' } },
      { reason: { message: 'disk fault', code: 'SQLITE_CONSTRAINT_TRIGGER' } },
      { value: { kind: 'accepted' } },
    ]);
    expect(await headsOf()).toEqual(['kiosk-1', 'kiosk-3']);
  });

  it('that ends it costs only the batch that set it off, and the next group finds a new one', async () => {
    const taken = await takeAll(['kiosk-1', 'falls', 'kiosk-3']);
    expect(taken).toMatchObject([
      { value: { kind: 'accepted' } },
      { reason: { message: 'the storing thread ended with 9' } },
      { value: { kind: 'accepted' } },
    ]);
    expect(await headsOf()).toEqual(['kiosk-1', 'kiosk-3']);
  });
});

describe('a group that waits behind one that ends the thread', () => {
  it('is stored by the next one', async () => {
    const answers = await Promise.allSettled([store.store([sent('falls')]), store.store([sent('kiosk-2')])]);
    expect(answers).toMatchObject([
      { reason: { message: 'the storing thread ended with 9' } },
      { value: [{ kind: 'accepted' }] },
    ]);
    expect(await headsOf()).toEqual(['kiosk-2']);
  });

  it('is told when no other thread can begin', async () => {
    const away = `${folder}-away`;
    renameSync(folder, away);
    const answers = await Promise.allSettled([
      store.store([sent('falls')]),
      store.store([sent('kiosk-2')]),
      store.store([sent('kiosk-3')]),
    ]);
    renameSync(away, folder);
    const noFile = { reason: { message: expect.stringContaining('directory') } };
    expect(answers).toMatchObject([{ reason: { message: 'the storing thread ended with 9' } }, noFile, noFile]);
    expect(await store.store([sent('kiosk-2')])).toMatchObject([{ kind: 'accepted' }]);
  });
});

describe('closing', () => {
  it('lets the group under way end, and stores nothing after it', async () => {
    const first = store.store([sent('kiosk-1')]);
    const closed = store.close();
    const late = store.store([sent('kiosk-2')]);
    await expect(first).resolves.toMatchObject([{ kind: 'accepted' }]);
    await expect(late).rejects.toSatisfy(isUnavailable);
    await closed;
    expect(await headsOf()).toEqual(['kiosk-1']);
  });

  it('twice does no harm', async () => {
    await store.close();
    await expect(store.close()).resolves.toBeUndefined();
  });
});

it('a file that cannot be opened is told of at once', async () => {
  await expect(openStoreThread(join(folder, 'nowhere', 'platform.sqlite'), lock)).rejects.toThrow('directory');
});

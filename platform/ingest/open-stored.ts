/** The database and what stores batches in it, opened together. */
import type { Clock } from '../../contract/clock.ts';
import { openDatabase, openSharedFile, type DatabaseTarget } from '../database/open-database.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { startWriteBack } from '../database/write-back.system.ts';
import { createWriteLock } from '../database/write-lock.ts';
import { createGroupStore } from './group-store.ts';
import type { GroupStore } from './ingest.types.ts';
import { openStoreThread } from './store-thread.system.ts';

export interface Stored {
  readonly database: PlatformDatabase;
  /** To be closed before the database. */
  readonly store: GroupStore;
}

export interface StoredOptions {
  readonly clock: Clock;
  /** Told of what goes on all the same. */
  readonly onFault: (error: unknown) => void;
}

/**
 * A file can be opened twice: what batches cost is not taken from the thread that serves. Rejects as `openDatabase` does.
 */
export async function openStored(target: DatabaseTarget, { clock, onFault }: StoredOptions): Promise<Stored> {
  if ('postgresUrl' in target || target.sqlitePath === ':memory:') {
    const database = await openDatabase(target);
    return { database, store: createGroupStore(database) };
  }
  const { sqlitePath: path } = target;
  const lock = createWriteLock();
  const database = await openSharedFile(path, lock);
  try {
    const store = await openStoreThread(path, lock);
    const writeBack = startWriteBack({ path, lock, clock, onFault });
    return { database, store: { ...store, close: () => writeBack.close().then(store.close) } };
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

/** The database and what stores batches in it, opened together. */
import { openDatabase, openSharedFile, type DatabaseTarget } from '../database/open-database.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { createWriteLock } from '../database/write-lock.ts';
import { createGroupStore } from './group-store.ts';
import type { GroupStore } from './ingest.types.ts';
import { openStoreThread } from './store-thread.system.ts';

export interface Stored {
  readonly database: PlatformDatabase;
  /** To be closed before the database. */
  readonly store: GroupStore;
}

/**
 * A file can be opened twice: what batches cost is not taken from the thread that serves. Rejects as `openDatabase` does.
 */
export async function openStored(target: DatabaseTarget): Promise<Stored> {
  if ('postgresUrl' in target || target.sqlitePath === ':memory:') {
    const database = await openDatabase(target);
    return { database, store: createGroupStore(database) };
  }
  const lock = createWriteLock();
  const database = await openSharedFile(target.sqlitePath, lock);
  try {
    return { database, store: await openStoreThread(target.sqlitePath, lock) };
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

/** The database and what stores batches in it, opened together. */
import type { Clock } from '../../contract/clock.ts';
import { openDatabase, openSharedFile, type DatabaseTarget } from '../database/open-database.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { openLogSync, type LogSync } from '../database/log-sync.system.ts';
import { startWriteBack, type WriteBackLimits } from '../database/write-back.system.ts';
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
  /** Told when nothing can be stored any more before this program was started again. */
  readonly onLost: (error: unknown) => void;
  readonly openLog?: (path: string) => LogSync;
  readonly writeBack?: WriteBackLimits;
}

/**
 * A file can be opened twice: what batches cost is not taken from the thread that serves. Rejects as `openDatabase` does.
 */
export async function openStored(target: DatabaseTarget, options: StoredOptions): Promise<Stored> {
  if ('postgresUrl' in target || target.sqlitePath === ':memory:') {
    const database = await openDatabase(target);
    return { database, store: createGroupStore(database) };
  }
  const { sqlitePath: path } = target;
  const { clock, onFault, writeBack: limits } = options;
  const lock = createWriteLock();
  const database = await openSharedFile(path, lock);
  const opened: { close(): Promise<void> }[] = [];
  try {
    const log = (options.openLog ?? openLogSync)(path);
    opened.unshift(log);
    const writeBack = startWriteBack({ path, lock, clock, onFault, ...(limits && { limits }) });
    opened.unshift(writeBack);
    const threaded = await openStoreThread(path, lock);
    // begun beside the other thread; from now on it is there when it is needed
    await writeBack.look();
    const synced = syncing(threaded, log, options.onLost);
    return { database, store: { ...synced, close: () => writeBack.close().then(synced.close) } };
  } catch (error) {
    for (const one of opened) await one.close();
    await database.destroy();
    throw error;
  }
}

/** The thread goes on with the next group while the disk syncs this one. */
function syncing(threaded: GroupStore, log: LogSync, onLost: (error: unknown) => void): GroupStore {
  const underWay = new Set<Promise<void>>();

  async function synced(): Promise<void> {
    try {
      await log.synced();
    } catch (error) {
      onLost(error);
      throw error;
    }
  }
  return {
    async store(group, onWritten) {
      const outcomes = await threaded.store(group, onWritten);
      const one = synced();
      underWay.add(one);
      await one.finally(() => underWay.delete(one));
      return outcomes;
    },
    async close() {
      await threaded.close();
      await Promise.allSettled(underWay);
      await log.close();
    },
  };
}

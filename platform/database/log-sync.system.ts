/**
 * Syncs SQLite's log beside the thread that writes it, so that this one goes on with the next commit while the disk still works
 * on the last: within the commit it waited 2 to 3 ms for each group. Whoever acknowledges a commit waits for `synced` first.
 *
 * SQLite itself then syncs the log only before it is written back into the file (synchronous=NORMAL), and when it begins anew;
 * a power cut loses the last commits whole, of which nobody was told, and nothing that a sync has covered.
 */
import { closeSync, fdatasync, openSync } from 'node:fs';

export interface LogSync {
  /** Resolves when all that was committed before this call is on the disk; rejects for good once a sync has failed. */
  synced(): Promise<void>;
  close(): Promise<void>;
}

/** The part of `node:fs` that is used. */
export interface SyncFiles {
  readonly open: (path: string) => number;
  readonly sync: (file: number, done: (error: Error | null) => void) => void;
  readonly close: (file: number) => void;
}

const FILES: SyncFiles = { open: (path) => openSync(path, 'r+'), sync: fdatasync, close: closeSync };

/** A disk that could not sync once may say that it could the next time, and have forgotten what it was to write. */
export class LogNotSynced extends Error {
  override readonly name = 'LogNotSynced';
  readonly code = 'SQLITE_IOERR_FSYNC';
}

/** `path`: the database, which is open, so that its log is there and stays. Throws when it is not. */
export function openLogSync(path: string, files: SyncFiles = FILES): LogSync {
  const file = files.open(`${path}-wal`);
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let fault: LogNotSynced | undefined;

  function begin(): Promise<void> {
    next = undefined;
    const sync = new Promise<void>((resolve, reject) => {
      if (fault) return reject(fault);
      files.sync(file, (error) => {
        if (error) fault ??= new LogNotSynced('the log could not be synced: start again', { cause: error });
        if (fault) reject(fault);
        else resolve();
      });
    });
    running = sync.finally(() => (running = undefined));
    // whoever asked is told as well
    running.catch(() => undefined);
    return running;
  }

  return {
    synced() {
      if (next) return next;
      if (!running) return begin();
      // what is under way may have begun before that commit
      next = running.then(begin, begin);
      return next;
    },
    async close() {
      await (next ?? running)?.catch(() => undefined);
      files.close(file);
    },
  };
}

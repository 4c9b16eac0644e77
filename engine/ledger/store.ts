/**
 * The SQLite file with the settings money needs, and the one way to write to it. WAL with synchronous=NORMAL, the
 * library's compiled default, loses acknowledged commits on a power cut; so the settings are set, then read back.
 */
import Database, { SqliteError } from 'better-sqlite3';
import { dirname } from 'node:path';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { syncDirectory } from './black-box.ts';
import { checkSchema, migrate } from './migrations.ts';
import { codeOf } from './safety/error-code.ts';

export interface Store {
  readonly db: Database.Database;
  /**
   * Runs `work` as one durable commit. What SQLite refuses is a problem: `ledger.full` leaves the store usable; a
   * failed sync or write does not, because the kernel may have dropped the page (money-and-sync 1.7): every later
   * commit is refused until the file is opened again. What `work` throws itself is a bug and passes through.
   */
  commit<Value>(work: () => Value): Result<Value>;
  /** Called after a commit was rolled back: what is remembered in memory must be read again. */
  onRollback(listener: () => void): void;
  close(): void;
}

export interface StoreOptions {
  readonly path: string;
  /** Upper bound of the database file; beyond it commits answer `ledger.full`. */
  readonly maxBytes?: number | undefined;
}

/** One row is 500 to 900 bytes: of 1, 2, 4, 8 and 16 kB this was the fastest (bench/README.md). */
export const PAGE_BYTES = 4096;
const WAL_LIMIT_BYTES = 16 * 1024 * 1024;

export function openStore(options: StoreOptions): Result<Store> {
  let db: Database.Database | undefined;
  try {
    db = new Database(options.path, { timeout: 0 });
    applySettings(db, options.maxBytes);
    syncDirectory(dirname(options.path));
    const checked = checkPages(db);
    const migrated = checked.ok ? migrate(db) : checked;
    const ready = migrated.ok ? checkSchema(db) : migrated;
    if (ready.ok) return ok(createStore(db));
    db.close();
    return ready;
  } catch (error) {
    db?.close();
    // such as a format that no release ever wrote
    if (error instanceof SqliteError && error.code === 'SQLITE_ERROR') return fail('ledger.corrupt', error.message);
    return problemOf(error);
  }
}

/**
 * `ledger.unsafe` unless a power cut can lose nothing. Asked after the first write: the compiled default for WAL takes
 * hold only then.
 */
export function verifySettings(db: Database.Database): Result<undefined> {
  const wanted = { synchronous: 2, journal_mode: 'wal', fullfsync: 1, locking_mode: 'exclusive', foreign_keys: 1 };
  for (const [pragma, value] of Object.entries(wanted)) {
    const found = db.pragma(pragma, { simple: true });
    if (found !== value) return fail('ledger.unsafe', `${pragma} is ${String(found)}, not ${value}`);
  }
  return ok(undefined);
}

const CACHE_KB = 2_048;

/** EXTRA before WAL closes the hole in which the directory entry of a new file is lost with its first commit. */
function applySettings(db: Database.Database, maxBytes: number | undefined): void {
  db.pragma(`page_size = ${PAGE_BYTES}`);
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('synchronous = EXTRA');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('fullfsync = ON');
  db.pragma('checkpoint_fullfsync = ON');
  db.pragma('foreign_keys = ON');
  db.pragma('secure_delete = ON');
  db.pragma('wal_autocheckpoint = 1000');
  db.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
  db.pragma('busy_timeout = 0');
  // the driver's default is 16 MB, which the records would fill in time; what is worked on fits into less
  db.pragma(`cache_size = -${CACHE_KB}`);
  if (maxBytes !== undefined) db.pragma(`max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)}`);
}

function checkPages(db: Database.Database): Result<undefined> {
  const answer = db.pragma('quick_check(1)', { simple: true });
  return answer === 'ok' ? ok(undefined) : fail('ledger.corrupt', String(answer));
}

function createStore(db: Database.Database): Store {
  const rollbackListeners: (() => void)[] = [];
  const transaction = db.transaction((work: () => unknown) => work());
  let broken: Result<never> | undefined;

  return {
    db,
    commit<Value>(work: () => Value): Result<Value> {
      if (broken) return broken;
      if (!db.open) return fail('ledger.unsafe', 'the database is closed');
      try {
        return ok(transaction(work) as Value);
      } catch (error) {
        for (const listener of rollbackListeners) listener();
        const refused = problemOf(error);
        if (refused.problem.code !== 'ledger.full') broken = refused;
        return refused;
      }
    },
    onRollback: (listener) => void rollbackListeners.push(listener),
    close: () => void db.close(),
  };
}

/**
 * Makes the names of the files survive a power cut. Asked after the first write, which makes the write-ahead log: SQLite
 * says nothing when that directory cannot be synced.
 */
export function syncNames(path: string): Result<undefined> {
  try {
    syncDirectory(dirname(path));
    return ok(undefined);
  } catch (error) {
    return problemOf(error);
  }
}

/** The problem behind a refusal of SQLite; anything else is a bug and thrown on. */
function problemOf(error: unknown): ReturnType<typeof fail> {
  if (!(error instanceof SqliteError)) {
    if (error instanceof TypeError && /directory does not exist/.test(error.message)) {
      return fail('ledger.unsafe', 'the directory of the database does not exist');
    }
    // the directory could not be opened or synced
    if (error instanceof Error && 'syscall' in error) return fail('ledger.unsafe', codeOf(error));
    throw error;
  }
  if (error.code === 'SQLITE_FULL') return fail('ledger.full');
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) return fail('ledger.corrupt', error.code);
  if (/^SQLITE_BUSY/.test(error.code)) return fail('ledger.unsafe', 'another process has the database open');
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN|PERM|AUTH|NOMEM|PROTOCOL)/.test(error.code)) {
    return fail('ledger.unsafe', error.code);
  }
  throw error;
}

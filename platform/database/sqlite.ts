/** The embedded database: one file, every commit synced before it is acknowledged. */
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { outstanding, readMigrations } from './migrations.ts';
import { sharedSqliteDialect, type PreparingDatabase } from './shared-sqlite.ts';
import type { PlatformDatabase, Tables } from './tables.ts';
import type { WriteLock } from './write-lock.ts';

/** As SQLite reads them back. FULL syncs each commit; NORMAL leaves that to whoever acknowledges it (`log-sync.system.ts`). */
const SYNCHRONOUS = { NORMAL: 1, FULL: 2 };
const CACHE_KB = 64 * 1024;
/** Of a connection beside one that writes: after each commit of another SQLite forgets what it had read. */
const SHARED_CACHE_KB = 8 * 1024;
/** Of 4 kB: 32 MB, until whoever commits writes the log back into the file. */
const LOG_PAGES = 8_000;
/** Where a thread of its own does that (`write-back.system.ts`), those who commit do it only if it has stopped. */
const SHARED_LOG_PAGES = 64_000;
/** Statements kept prepared: those of the code are far fewer, and lists of changing length must not fill the memory. */
const KEPT_STATEMENTS = 400;

/** `path` is a file or `:memory:`. Throws when the file was written by a newer release or is not safe to use. */
export function openSqlite(path: string): PlatformDatabase {
  return ofOneConnection(openWriter(path, { cacheKb: CACHE_KB, logPages: LOG_PAGES, synchronous: 'FULL' }));
}

/**
 * A file that `openSharedSqlite` has open, for the one that writes most of it. Its commits are not on the disk before the log
 * was synced. Throws as `openSqlite` does.
 */
export function openStoringSqlite(path: string): PlatformDatabase {
  return ofOneConnection(openWriter(path, { cacheKb: CACHE_KB, logPages: SHARED_LOG_PAGES, synchronous: 'NORMAL' }));
}

function ofOneConnection(writer: SqliteDatabase.Database): PlatformDatabase {
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: keepingPrepared(writer) }) });
}

/** A file to which others write as well, whoever has the lock. Throws as `openSqlite` does. */
export function openSharedSqlite(path: string, lock: WriteLock): PlatformDatabase {
  const writer = openWriter(path, { cacheKb: SHARED_CACHE_KB, logPages: SHARED_LOG_PAGES, synchronous: 'FULL' });
  try {
    settleLog(writer);
    const reader = openReader(path);
    const dialect = sharedSqliteDialect({ reader: keepingPrepared(reader), writer: keepingPrepared(writer), lock });
    return new Kysely<Tables>({ dialect });
  } catch (error) {
    writer.close();
    throw error;
  }
}

interface Writer {
  readonly cacheKb: number;
  readonly logPages: number;
  readonly synchronous: keyof typeof SYNCHRONOUS;
}

function openWriter(path: string, { cacheKb, logPages, synchronous }: Writer): SqliteDatabase.Database {
  const sqlite = new SqliteDatabase(path);
  try {
    makeDurable(sqlite, synchronous, path === ':memory:');
    sqlite.pragma(`wal_autocheckpoint = ${logPages}`);
    // terminals write all over the file: what is kept and what the log gathers decide how often a page is written
    sqlite.pragma(`cache_size = -${cacheKb}`);
    migrate(sqlite);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/**
 * What stands in the log may be there for those who read only, when a sync has failed before: in the file it is on the disk, and
 * new commits may follow. Waits for whoever else has the file open.
 */
function settleLog(sqlite: SqliteDatabase.Database): void {
  const [row] = sqlite.pragma('wal_checkpoint(FULL)') as { readonly log: number; readonly checkpointed: number }[];
  if (row && row.checkpointed === row.log) return;
  throw new Error('the database is held by another program: end it, and start again');
}

function openReader(path: string): SqliteDatabase.Database {
  const sqlite = new SqliteDatabase(path);
  sqlite.pragma(`cache_size = -${SHARED_CACHE_KB}`);
  sqlite.pragma('query_only = ON');
  return sqlite;
}

/**
 * EXTRA comes before the switch to WAL, so that the switch itself is durable; what is wanted after it, because the compiled default
 * in WAL mode is NORMAL, which may lose an acknowledged commit at a power cut. Read back: a pragma fails silently.
 */
function makeDurable(sqlite: SqliteDatabase.Database, wanted: Writer['synchronous'], inMemory: boolean): void {
  sqlite.pragma('synchronous = EXTRA');
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma(`synchronous = ${wanted}`);
  sqlite.pragma('foreign_keys = ON');
  // what a statement of many rows keeps for taking itself back would go to a file, and is never read after a crash
  sqlite.pragma('temp_store = MEMORY');
  if (inMemory) return;
  const journalMode = sqlite.pragma('journal_mode', { simple: true });
  const synchronous = sqlite.pragma('synchronous', { simple: true });
  if (journalMode !== 'wal' || synchronous !== SYNCHRONOUS[wanted])
    throw new Error(`database is not durable: journal_mode ${String(journalMode)}, synchronous ${String(synchronous)}`);
}

/** `user_version` holds the number of the last script applied. */
function migrate(sqlite: SqliteDatabase.Database): void {
  const applied = Number(sqlite.pragma('user_version', { simple: true }));
  for (const { number, script } of outstanding(readMigrations('sqlite'), applied)) {
    sqlite.transaction(() => {
      sqlite.exec(script);
      sqlite.pragma(`user_version = ${number}`);
    })();
  }
}

/** What the dialect needs of a database, each statement parsed by SQLite once. The oldest are given up first. */
function keepingPrepared(sqlite: SqliteDatabase.Database): PreparingDatabase {
  const kept = new Map<string, SqliteDatabase.Statement>();
  return {
    close: () => void sqlite.close(),
    prepare(text: string): SqliteDatabase.Statement {
      // when a disk is full or fails, SQLite has taken the transaction back by itself: to ask for it would fail, and hide why
      if (text === 'rollback' && !sqlite.inTransaction) return sqlite.prepare('SELECT 1 WHERE false');
      const known = kept.get(text);
      if (known) return known;
      const statement = sqlite.prepare(text);
      kept.set(text, statement);
      if (kept.size > KEPT_STATEMENTS) kept.delete(kept.keys().next().value ?? '');
      return statement;
    },
  };
}

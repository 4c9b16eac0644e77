/** The embedded database: one file, one connection, every commit synced before it is acknowledged. */
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { outstanding, readMigrations } from './migrations.ts';
import type { PlatformDatabase, Tables } from './tables.ts';

const SYNCHRONOUS_FULL = 2;
const CACHE_KB = 64 * 1024;
/** Of 4 kB: 32 MB, until the log is written back into the file. */
const LOG_PAGES = 8_000;
/** Statements kept prepared: those of the code are far fewer, and lists of changing length must not fill the memory. */
const KEPT_STATEMENTS = 400;

/** `path` is a file or `:memory:`. Throws when the file was written by a newer release or is not safe to use. */
export function openSqlite(path: string): PlatformDatabase {
  const sqlite = new SqliteDatabase(path);
  try {
    makeDurable(sqlite, path === ':memory:');
    migrate(sqlite);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: keepingPrepared(sqlite) }) });
}

/**
 * EXTRA comes before the switch to WAL, so that the switch itself is durable; FULL after it, because the compiled default
 * in WAL mode is NORMAL, which may lose an acknowledged commit at a power cut. Read back: a pragma fails silently.
 */
function makeDurable(sqlite: SqliteDatabase.Database, inMemory: boolean): void {
  sqlite.pragma('synchronous = EXTRA');
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  // terminals write all over the file: what is kept and what the log gathers decide how often a page is written
  sqlite.pragma(`cache_size = -${CACHE_KB}`);
  sqlite.pragma(`wal_autocheckpoint = ${LOG_PAGES}`);
  // what a statement of many rows keeps for taking itself back would go to a file, and is never read after a crash
  sqlite.pragma('temp_store = MEMORY');
  if (inMemory) return;
  const journalMode = sqlite.pragma('journal_mode', { simple: true });
  const synchronous = sqlite.pragma('synchronous', { simple: true });
  if (journalMode !== 'wal' || synchronous !== SYNCHRONOUS_FULL)
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
function keepingPrepared(sqlite: SqliteDatabase.Database) {
  const kept = new Map<string, SqliteDatabase.Statement>();
  return {
    close: () => sqlite.close(),
    prepare(text: string): SqliteDatabase.Statement {
      const known = kept.get(text);
      if (known) return known;
      const statement = sqlite.prepare(text);
      kept.set(text, statement);
      if (kept.size > KEPT_STATEMENTS) kept.delete(kept.keys().next().value ?? '');
      return statement;
    },
  };
}

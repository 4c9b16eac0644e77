/** Opens the platform's SQLite file with the settings an acknowledged record needs, and brings its tables up to date. */
import { readdirSync, readFileSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { PlatformDatabase, Tables } from './tables.ts';

const MIGRATIONS = new URL('../migrations/', import.meta.url);
const SYNCHRONOUS_FULL = 2;

/** `databasePath` is a file or `:memory:`. Throws when the file was written by a newer release or is not safe to use. */
export function openDatabase(databasePath: string): PlatformDatabase {
  const sqlite = new SqliteDatabase(databasePath);
  try {
    makeDurable(sqlite, databasePath === ':memory:');
    migrate(sqlite);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) });
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
  if (inMemory) return;
  const journalMode = sqlite.pragma('journal_mode', { simple: true });
  const synchronous = sqlite.pragma('synchronous', { simple: true });
  if (journalMode !== 'wal' || synchronous !== SYNCHRONOUS_FULL)
    throw new Error(`database is not durable: journal_mode ${String(journalMode)}, synchronous ${String(synchronous)}`);
}

/** Forward only, each file in one transaction; `user_version` holds the number of the last one applied. */
function migrate(sqlite: SqliteDatabase.Database): void {
  const files = readdirSync(MIGRATIONS)
    .filter((name) => /^\d{4}-.+\.sql$/.test(name))
    .toSorted();
  const known = Number(files.at(-1)?.slice(0, 4) ?? 0);
  const applied = Number(sqlite.pragma('user_version', { simple: true }));
  if (applied > known)
    throw new Error(`database has schema ${applied}, this release knows ${known}: install a newer one`);
  for (const name of files) {
    const number = Number(name.slice(0, 4));
    if (number <= applied) continue;
    const script = readFileSync(new URL(name, MIGRATIONS), 'utf8');
    sqlite.transaction(() => {
      sqlite.exec(script);
      sqlite.pragma(`user_version = ${number}`);
    })();
  }
}

/** Opens the platform's database: an SQLite file of its own, or a PostgreSQL server, with the same tables in it. */
import { CompiledQuery } from 'kysely';
import { openPostgres } from './postgres.ts';
import { openSharedSqlite, openSqlite, openStoringSqlite } from './sqlite.ts';
import type { PlatformDatabase } from './tables.ts';
import type { WriteLock } from './write-lock.ts';

export type DatabaseTarget =
  | {
      /** A file, or `:memory:`. */
      readonly sqlitePath: string;
    }
  | {
      /** `postgres://user@host:port/name` */
      readonly postgresUrl: string;
    };

/**
 * Rejects when a newer release wrote it, when it would not keep what it has acknowledged, or when the server is not there.
 */
export async function openDatabase(target: DatabaseTarget): Promise<PlatformDatabase> {
  const database = 'sqlitePath' in target ? openSqlite(target.sqlitePath) : await openPostgres(target.postgresUrl);
  return used(database);
}

/** An SQLite file to which others in this process write, too, whoever has the lock. Rejects as `openDatabase` does. */
export async function openSharedFile(path: string, lock: WriteLock): Promise<PlatformDatabase> {
  return used(openSharedSqlite(path, lock));
}

/** A file that `openSharedFile` has open, in the thread that stores. Rejects as `openDatabase` does. */
export async function openStoringFile(path: string): Promise<PlatformDatabase> {
  return used(openStoringSqlite(path));
}

/** Kysely closes only what it has used: without this, one that is opened and closed at once would stay open. */
async function used(database: PlatformDatabase): Promise<PlatformDatabase> {
  await database.executeQuery(CompiledQuery.raw('SELECT 1'));
  return database;
}

/** What stands behind `--database`: `postgres://...`, or else the file of that name. */
export function databaseTarget(setting: string): DatabaseTarget {
  return /^postgres(?:ql)?:\/\//.test(setting) ? { postgresUrl: setting } : { sqlitePath: setting };
}

/** A copy of the ledger before a release changes its tables (money-and-sync 1.6): forward only, so this is the way back. */
import Database from 'better-sqlite3';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { Clock } from '../../../contract/clock.ts';
import { ok, type Result } from '../../../contract/outcome.schema.ts';
import { SCHEMA } from '../migrations.ts';
import { copyDatabase } from './backup-store.ts';
import { makeBackup } from './backup.ts';

/** `schema`: what the release brings the file to. Ok when there is nothing to migrate or the copy is made; a file that cannot be read is left to whoever opens it. */
export async function backUpBeforeMigration(
  path: string,
  directory: string,
  clock: Clock,
  schema = SCHEMA,
): Promise<Result<undefined>> {
  const db = existsSync(path) ? openOlder(path, schema) : undefined;
  if (!db) return ok(undefined);
  try {
    const made = await makeBackup({ copyTo: (copy) => copyDatabase(db, copy) }, directory, clock);
    return made.ok ? ok(undefined) : made;
  } finally {
    db.close();
  }
}

function openOlder(path: string, schema: number): Database.Database | undefined {
  const found = schemaInHeader(path);
  if (found === 0 || found >= schema) return undefined;
  try {
    return new Database(path, { timeout: 0 });
  } catch {
    return undefined; // damaged or locked: opening the ledger says so
  }
}

/** Read without SQLite, which would fold the write-ahead log into the file; 0 when there is none. */
function schemaInHeader(path: string): number {
  const header = Buffer.alloc(SCHEMA_AT + 4);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  return header.readUInt32BE(SCHEMA_AT);
}

/** Byte of SQLite's header at which `user_version` stands. */
const SCHEMA_AT = 60;

/** A database in an image, as SQLite reads it after whatever it has to repair. */
import Database, { SqliteError } from 'better-sqlite3';
import { hash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A digest of all its pages; `empty` for no file and for no page; `refused` and SQLite's code when it cannot be read. */
export function readState(path: string): string {
  return readImage(path, 'empty', (db) => {
    const pages = db.pragma('page_count', { simple: true });
    return pages === 0 || statSync(path).size === 0 ? 'empty' : hash('sha1', db.serialize());
  });
}

/** What `read` finds in it; `nothing` when there is no file, and why it cannot be read. */
export function readImage<Found>(
  path: string,
  nothing: Found,
  read: (db: Database.Database) => Found,
): Found | `refused (${string})` {
  if (!existsSync(path)) return nothing;
  // a rollback journal is played back by writing, so not on the image itself
  return existsSync(`${path}-journal`) ? readCopy(path, read) : readFile(path, true, read);
}

function readCopy<Found>(path: string, read: (db: Database.Database) => Found): Found | `refused (${string})` {
  const directory = mkdtempSync(join(dirname(path), '..', 'copy-'));
  const copy = join(directory, basename(path));
  for (const end of ['', '-journal', '-wal']) {
    if (existsSync(path + end)) copyFileSync(path + end, copy + end);
  }
  const found = readFile(copy, false, read);
  rmSync(directory, { recursive: true });
  return found;
}

function readFile<Found>(
  path: string,
  readonly: boolean,
  read: (db: Database.Database) => Found,
): Found | `refused (${string})` {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly, timeout: 0, fileMustExist: true });
    return read(db);
  } catch (error) {
    if (error instanceof SqliteError) return `refused (${error.code})`;
    throw error;
  } finally {
    db?.close();
  }
}

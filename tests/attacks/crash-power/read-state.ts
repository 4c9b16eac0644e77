/** What a database holds, as SQLite reads it after whatever it has to repair: a digest of all its pages. */
import Database, { SqliteError } from 'better-sqlite3';
import { hash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** `empty` for a file that is not there or has no page; `refused` and SQLite's code when it cannot be read. */
export function readState(path: string): string {
  if (!existsSync(path)) return 'empty';
  // a rollback journal is played back by writing, so not on the image itself
  return existsSync(`${path}-journal`) ? readCopy(path) : read(path, true);
}

function readCopy(path: string): string {
  const directory = mkdtempSync(join(dirname(path), '..', 'copy-'));
  const copy = join(directory, basename(path));
  for (const end of ['', '-journal', '-wal']) {
    if (existsSync(path + end)) copyFileSync(path + end, copy + end);
  }
  const state = read(copy, false);
  rmSync(directory, { recursive: true });
  return state;
}

function read(path: string, readonly: boolean): string {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly, timeout: 0, fileMustExist: true });
    const pages = db.pragma('page_count', { simple: true });
    return pages === 0 || statSync(path).size === 0 ? 'empty' : hash('sha1', db.serialize());
  } catch (error) {
    if (error instanceof SqliteError) return `refused (${error.code})`;
    throw error;
  } finally {
    db?.close();
  }
}

/** A copy of an open database by SQLite's own backup: page by page between other work, as it stands at the end. */
import { SqliteError, type Database } from 'better-sqlite3';
import { rmSync } from 'node:fs';
import { fail, ok, type Result } from '../../../contract/outcome.schema.ts';
import { codeOf } from './error-code.ts';

/** 400 kB, about a millisecond. */
const PAGES_A_TURN = 100;

export async function copyDatabase(db: Database, path: string): Promise<Result<undefined>> {
  try {
    rmSync(path, { force: true });
    await db.backup(path, { progress: () => PAGES_A_TURN });
    return ok(undefined);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'SQLITE_FULL' || code === 'ENOSPC') return fail('ledger.full', 'backup');
    if (error instanceof SqliteError && code.startsWith('SQLITE_CORRUPT')) return fail('ledger.corrupt', code);
    return fail('ledger.unsafe', `backup: ${code}`);
  }
}

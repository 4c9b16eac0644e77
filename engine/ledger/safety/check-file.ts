/** Whether a database file that nobody has open is whole: pages, schema and the chain from its first row to its last. */
import Database, { SqliteError } from 'better-sqlite3';
import type { Clock } from '../../../contract/clock.ts';
import { fail, ok, type Result } from '../../../contract/outcome.schema.ts';
import { checkWhole } from '../chain-check.ts';
import { SCHEMA } from '../migrations.ts';
import type { Store } from '../store.ts';
import { checkDerived } from './check-derived.ts';
import { codeOf } from './error-code.ts';

/**
 * Makes a single file of it, then reads all of it, a few milliseconds at a time. `ledger.corrupt` says where it is damaged,
 * `ledger.newerSchema` that a newer release wrote it.
 */
export async function checkLedgerFile(path: string, clock: Clock): Promise<Result<undefined>> {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { timeout: 0, fileMustExist: true });
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = DELETE');
    const schema = db.pragma('user_version', { simple: true }) as number;
    if (schema > SCHEMA) return fail('ledger.newerSchema', `file has schema ${schema}`);
    if (schema === 0) return fail('ledger.corrupt', 'no schema');
    const pages = db.pragma('quick_check(1)', { simple: true });
    if (pages !== 'ok') return fail('ledger.corrupt', String(pages));
    // an older schema is brought up after a copy was made of it; its chain is walked by the release that opens it
    if (schema < SCHEMA) return ok(undefined);
    const derived = checkDerived({ db });
    return derived.ok ? await checkWhole(readOnly(db), clock) : derived;
  } catch (error) {
    if (error instanceof SqliteError) return fail('ledger.corrupt', error.code);
    return fail('ledger.unsafe', codeOf(error));
  } finally {
    db?.close();
  }
}

/** Last row of the journal of a file that passed its check. */
export function lastRowOf(path: string): number {
  const db = new Database(path, { timeout: 0, readonly: true });
  try {
    const last = 'SELECT COALESCE((SELECT MAX(seq) FROM journal), (SELECT base_seq FROM meta), 0)';
    return db.prepare(last).pluck().get() as number;
  } finally {
    db.close();
  }
}

function readOnly(db: Database.Database): Store {
  return {
    db,
    commit: () => fail('ledger.unsafe', 'read only'),
    onRollback: () => undefined,
    close: () => undefined,
  };
}

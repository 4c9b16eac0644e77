import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger } from './ledger.ts';
import { TestLedgers } from './test-support/test-ledger.ts';

let ledgers: TestLedgers;
beforeEach(() => {
  ledgers = new TestLedgers();
  ledgers.open().close();
});
afterEach(() => ledgers.dispose());

/** Opens the ledger again after `sql` was done to its file. */
function openedAfter(sql: string) {
  const db = new Database(ledgers.path());
  db.exec(sql);
  db.close();
  const opened = openLedger(ledgers.options());
  if (opened.ok) opened.value.close();
  return opened;
}

describe('a file whose tables are not those of this release is refused before anything is written', () => {
  it.each([
    ['a table that only some nights need is gone', 'DROP TABLE publication_refused', 'publication_refused'],
    ['a table lacks a column', 'ALTER TABLE attachment DROP COLUMN seq', 'attachment'],
    ['an index is gone', 'DROP INDEX used_token_expires', 'used_token_expires'],
  ])('when %s', (_, sql, named) => {
    const opened = openedAfter(sql);
    expect(opened).toMatchObject({ ok: false, problem: { code: 'ledger.corrupt' } });
    expect(JSON.stringify(opened)).toContain(named);
  });

  it('but not for what somebody else put beside them', () => {
    expect(openedAfter('CREATE TABLE notes (text TEXT)').ok).toBe(true);
  });
});

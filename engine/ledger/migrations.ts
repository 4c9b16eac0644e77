/** Forward-only, numbered, each in one transaction; a file of a newer release is refused, never guessed at. */
import type { Database } from 'better-sqlite3';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

/** Index + 1 is the schema number. Never edit one that was released: add the next. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    incarnation TEXT NOT NULL,
    trades INTEGER NOT NULL DEFAULT 0,
    jobs INTEGER NOT NULL DEFAULT 0,
    operations INTEGER NOT NULL DEFAULT 0,
    acked INTEGER NOT NULL DEFAULT 0,
    opened INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    txn TEXT NOT NULL,
    step TEXT NOT NULL,
    at INTEGER NOT NULL,
    boot TEXT NOT NULL,
    mono_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL
  );
  CREATE TABLE txn (
    id TEXT PRIMARY KEY,
    service TEXT,
    state TEXT NOT NULL,
    live INTEGER NOT NULL,
    body TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL
  );
  CREATE TABLE ticket_block (
    block TEXT PRIMARY KEY,
    queue TEXT NOT NULL,
    day TEXT NOT NULL,
    prefix TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    next INTEGER NOT NULL
  );
  CREATE INDEX ticket_block_day ON ticket_block (day, queue);
  CREATE TABLE doc (
    channel TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    body TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  // journal row up to which the txn table is written
  `
  ALTER TABLE meta ADD COLUMN saved INTEGER NOT NULL DEFAULT 0;
  UPDATE meta SET saved = COALESCE((SELECT MAX(seq) FROM journal), 0);
  `,
  // scanned tokens that were acted on
  `
  CREATE TABLE used_token (
    nonce TEXT PRIMARY KEY,
    expires INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX used_token_expires ON used_token (expires);
  `,
];

export const SCHEMA = MIGRATIONS.length;

/** Brings the file to this release's schema. `ledger.newerSchema` when it is already past it; nothing is touched then. */
export function migrate(db: Database): Result<undefined> {
  const found = db.pragma('user_version', { simple: true }) as number;
  if (found > SCHEMA) return fail('ledger.newerSchema', `file has schema ${found}, this release knows ${SCHEMA}`);
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < found) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${index + 1}`);
    })();
  }
  return ok(undefined);
}

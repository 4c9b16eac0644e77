/** Forward-only, numbered, each in one transaction; a file of a newer release is refused, never guessed at. */
import Sqlite, { type Database } from 'better-sqlite3';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

/** Index + 1 is the schema number. Never edit one that was released: add the next. */
const MIGRATIONS: readonly string[] = [
  // Who this database is; how far numbers are reserved; up to which row `txn` is written; what came before the first row.
  // `journal` is the one chained table: a row is a step of a transaction, or none, with the records it causes; the rows of
  // earlier incarnations stand in `journal_before`. `audit_kept`: of the incarnation in use, the name is empty.
  `
  CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    incarnation TEXT NOT NULL,
    predecessor TEXT,
    boot TEXT NOT NULL DEFAULT '',
    opened INTEGER NOT NULL DEFAULT 0,
    trades INTEGER NOT NULL DEFAULT 0,
    jobs INTEGER NOT NULL DEFAULT 0,
    operations INTEGER NOT NULL DEFAULT 0,
    saved INTEGER NOT NULL DEFAULT 0,
    base_seq INTEGER NOT NULL DEFAULT 0,
    base_hash BLOB NOT NULL DEFAULT (zeroblob(32))
  );
  CREATE TABLE stream (
    name TEXT PRIMARY KEY,
    acked INTEGER NOT NULL DEFAULT 0,
    base_seq INTEGER NOT NULL DEFAULT 0,
    base_hash BLOB NOT NULL DEFAULT (zeroblob(32))
  ) WITHOUT ROWID;
  INSERT INTO stream (name) VALUES ('ledger'), ('audit'), ('metrics');
  CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    txn TEXT NOT NULL,
    step TEXT NOT NULL,
    at INTEGER NOT NULL,
    boot TEXT NOT NULL,
    mono_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    stream TEXT,
    ledger_seq INTEGER NOT NULL,
    audit_seq INTEGER NOT NULL,
    metrics_seq INTEGER NOT NULL,
    events TEXT,
    link BLOB,
    hash BLOB NOT NULL
  );
  CREATE TABLE audit_kept (
    incarnation TEXT NOT NULL DEFAULT '',
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (incarnation, seq)
  ) WITHOUT ROWID;
  CREATE TABLE journal_before (
    incarnation TEXT NOT NULL,
    seq INTEGER NOT NULL,
    txn TEXT NOT NULL,
    step TEXT NOT NULL,
    at INTEGER NOT NULL,
    boot TEXT NOT NULL,
    mono_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    stream TEXT,
    ledger_seq INTEGER NOT NULL,
    audit_seq INTEGER NOT NULL,
    metrics_seq INTEGER NOT NULL,
    events TEXT,
    link BLOB,
    hash BLOB NOT NULL,
    PRIMARY KEY (incarnation, seq)
  ) WITHOUT ROWID;
  CREATE TABLE txn (
    id TEXT PRIMARY KEY,
    service TEXT,
    state TEXT NOT NULL,
    live INTEGER NOT NULL,
    body TEXT NOT NULL
  ) WITHOUT ROWID;
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
  CREATE TABLE used_token (
    nonce TEXT PRIMARY KEY,
    expires INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX used_token_expires ON used_token (expires);
  `,
  // What is personal, sealed to the platform; and signed documents from it: per channel the one in use and the one before.
  `
  CREATE TABLE sealed_part (
    commitment TEXT PRIMARY KEY,
    seq INTEGER,
    sealed TEXT NOT NULL,
    at INTEGER NOT NULL
  );
  CREATE TABLE publication (
    channel TEXT NOT NULL,
    place TEXT NOT NULL CHECK (place IN ('active', 'previous')),
    version INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    body TEXT NOT NULL,
    hard_expires INTEGER,
    starts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, place)
  ) WITHOUT ROWID;
  CREATE TABLE publication_refused (
    channel TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (channel, version)
  ) WITHOUT ROWID;
  `,
  // Bytes beside the records, in files: how far each has gone up. `seq`: the ledger record that refers to it.
  `
  CREATE TABLE attachment (
    id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'uploading', 'stored', 'gone')),
    upload_url TEXT,
    offset INTEGER NOT NULL DEFAULT 0,
    at INTEGER NOT NULL,
    seq INTEGER
  ) WITHOUT ROWID;
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

/**
 * `ledger.corrupt` unless every table and index is as this release makes it: statements are prepared when they are first run,
 * which is too late to find that one is not there. What else a file may hold is left alone.
 */
export function checkSchema(db: Database): Result<undefined> {
  wanted ??= wantedSchema();
  const found = new Set(schemaOf(db));
  const missing = wanted.find((sql) => !found.has(sql));
  return missing === undefined
    ? ok(undefined)
    : fail('ledger.corrupt', `not as it was made: ${missing.split(' (')[0]}`);
}

let wanted: readonly string[] | undefined;

function wantedSchema(): readonly string[] {
  const db = new Sqlite(':memory:');
  try {
    void migrate(db);
    return schemaOf(db);
  } finally {
    db.close();
  }
}

function schemaOf(db: Database): readonly string[] {
  return db.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL').pluck().all() as string[];
}

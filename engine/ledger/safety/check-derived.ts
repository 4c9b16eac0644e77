/**
 * What follows from the journal, compared with the journal: transactions, numbers, queue numbers and how far the platform is.
 * The chain proves the journal alone; whoever changes one of the tables beside it changes what the kiosk does next.
 */
import type { Database } from 'better-sqlite3';
import { fail, ok, type Result } from '../../../contract/outcome.schema.ts';
import type { Txn } from '../journal.schema.ts';
import { readEntry } from '../read-row.ts';
import { canonicalJson } from '../record-hash.ts';
import type { Store } from '../store.ts';
import { isStillLive } from '../txn-table.ts';
import { applyRow, canFollow, newTxn } from '../txn.fold.ts';

interface Meta {
  readonly incarnation: string;
  readonly trades: number;
  readonly jobs: number;
  readonly operations: number;
  readonly saved: number;
  readonly base_seq: number;
}

interface Row {
  readonly seq: number;
  readonly txn: string;
  readonly body: string;
}

interface TxnRow {
  readonly id: string;
  readonly state: string;
  readonly live: number;
  readonly body: string;
}

/** `rows`: how many of the latest rows are folded; all of them unless told. `ledger.corrupt` says what does not fit. */
export function checkDerived({ db }: Pick<Store, 'db'>, rows = Number.MAX_SAFE_INTEGER): Result<undefined> {
  const meta = db.prepare('SELECT * FROM meta').get() as Meta | undefined;
  if (!meta) return ok(undefined); // a file in which nothing was written yet
  const last = (db.prepare('SELECT MAX(seq) FROM journal').pluck().get() as number | null) ?? meta.base_seq;
  if (meta.saved > last) return damaged(`transactions are written up to row ${meta.saved} of ${last}`);
  const from = Math.max(meta.base_seq, last - rows);
  const checks = [checkAcked, checkNumbers, checkTickets, checkTxns];
  for (const check of checks) {
    const wrong = check(db, meta, from);
    if (wrong !== undefined) return damaged(wrong);
  }
  return ok(undefined);
}

/** The platform cannot have more than was written. */
function checkAcked(db: Database): string | undefined {
  const ahead = db.prepare(
    `SELECT name FROM stream WHERE acked > (SELECT COALESCE(
       (SELECT CASE stream.name WHEN 'ledger' THEN ledger_seq WHEN 'audit' THEN audit_seq ELSE metrics_seq END
        FROM journal ORDER BY seq DESC LIMIT 1), base_seq))`,
  );
  const name = ahead.pluck().get() as string | undefined;
  return name && `stream ${name} is acknowledged beyond its end`;
}

/** A number given twice would make two acts one. */
function checkNumbers(db: Database, meta: Meta, from: number): string | undefined {
  const short = meta.incarnation.slice(0, 12);
  const highest = (values: readonly string[], prefix: string): number =>
    values.reduce(
      (most, value) => Math.max(most, value.startsWith(prefix) ? Number(value.slice(prefix.length)) : 0),
      0,
    );
  const select = (what: string, step: string) =>
    db.prepare(`SELECT ${what} FROM journal WHERE seq > ? AND step = '${step}'`).pluck().all(from) as string[];
  const given = {
    trades: highest(select("json_extract(body, '$.trade')", 'charge.intent'), `${short}-`),
    jobs: highest(select("json_extract(body, '$.job')", 'deliver.intent'), `${short}-p`),
    operations: highest(select('txn', 'charge.intent'), `${short}-o`),
  };
  const wrong = (['trades', 'jobs', 'operations'] as const).find((kind) => given[kind] > meta[kind]);
  return wrong && `${wrong} are counted to ${meta[wrong]}, and ${given[wrong]} was given`;
}

/** Two residents must not hold the same number. */
function checkTickets(db: Database, _meta: Meta, from: number): string | undefined {
  const again = db.prepare(
    `SELECT block FROM ticket_block JOIN journal ON journal.step = 'ticket.issued'
       AND json_extract(journal.body, '$.block') = ticket_block.block
     WHERE journal.seq > ? AND CAST(substr(json_extract(journal.body, '$.number'), 2) AS INTEGER) >= ticket_block.next`,
  );
  const block = again.pluck().get(from) as string | undefined;
  return block && `block ${block} would give a number again`;
}

/** Each transaction as the journal folds it; those that began before the rows looked at are left out. */
function checkTxns(db: Database, meta: Meta, from: number): string | undefined {
  const stored = db.prepare('SELECT id, state, live, body FROM txn WHERE id = ?');
  const sinceOf = db.prepare("SELECT json_extract(body, '$.since') FROM txn WHERE id = ? AND json_valid(body)").pluck();
  const before = ({ txn }: Row, row: number): Txn | 'older' => {
    const since = sinceOf.get(txn) as number | null | undefined;
    return typeof since === 'number' && since <= row ? 'older' : newTxn(txn);
  };
  const rows = db.prepare("SELECT seq, txn, body FROM journal WHERE seq > ? AND seq <= ? AND txn <> '' ORDER BY seq");
  const folded = new Map<string, Txn | 'older'>();
  for (const row of rows.iterate(from, meta.saved) as Iterable<Row>) {
    const next = foldOn(folded.get(row.txn) ?? before(row, from), row);
    if (next === undefined) return `row ${row.seq} cannot follow`;
    folded.set(row.txn, next);
  }
  for (const [id, txn] of folded) {
    if (txn === 'older') continue;
    const row = stored.get(id) as TxnRow | undefined;
    if (!row || !isSame(row, txn)) return `transaction ${id} is not what the journal says`;
  }
  return findInvented(db, meta, folded, from);
}

/** Undefined when the row cannot follow. */
function foldOn(known: Txn | 'older', { seq, body }: Row): Txn | 'older' | undefined {
  if (known === 'older') return known;
  const entry = readEntry(body);
  return entry && canFollow(known, entry) ? applyRow(known, entry, seq) : undefined;
}

function isSame(row: TxnRow, txn: Txn): boolean {
  return row.state === txn.state && (row.live === 1) === isStillLive(txn) && sameJson(row.body, txn);
}

function sameJson(body: string, txn: Txn): boolean {
  // as this release writes it
  if (body === JSON.stringify(txn)) return true;
  try {
    return canonicalJson(JSON.parse(body)) === canonicalJson(txn);
  } catch {
    return false; // not even JSON
  }
}

/** A transaction that no row of the journal knows, though it says it began among those looked at. */
function findInvented(
  db: Database,
  { saved, base_seq }: Meta,
  folded: ReadonlyMap<string, unknown>,
  from: number,
): string | undefined {
  if (from > base_seq) return undefined; // only with all rows in hand; one at an end changes nothing meanwhile
  const all = db.prepare("SELECT id, json_extract(body, '$.since') AS since FROM txn WHERE json_valid(body)");
  for (const { id, since } of all.iterate() as Iterable<{ id: string; since: number | null }>) {
    const isAmongThem = since !== null && since > from && since <= saved;
    if (isAmongThem && !folded.has(id)) return `transaction ${id} stands in no row`;
  }
  return undefined;
}

function damaged(detail: string): Result<never> {
  return fail('ledger.corrupt', detail);
}

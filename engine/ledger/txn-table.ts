/**
 * Where each transaction stands. It follows from the journal, so a commit writes the journal row alone and the table of
 * transactions is brought up every so many rows: a page less to sync a commit. What is not in it yet is folded again from
 * the journal's last rows when the file is opened.
 */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Txn } from './journal.schema.ts';
import { later } from './later.ts';
import { readEntry, readTxn } from './read-row.ts';
import { applyRow, canFollow, newTxn } from './txn.fold.ts';
import type { Store } from './store.ts';

export interface TxnTable {
  /** The transaction, also one nothing is written of yet. */
  get(id: string): Txn;
  /** Within a commit: `txn` as it stands after journal row `seq`. */
  put(txn: Txn, seq: number): void;
  /** Within a commit: writes down what is only in memory. */
  save(): void;
  /** All that are not at an end: open ones and those with staff. */
  live(): readonly Txn[];
}

/** Journal rows the table may lag behind: what a start folds at most. */
export const MAX_LAG_ROWS = 256;

interface TailRow {
  readonly seq: number;
  readonly txn: string;
  readonly body: string;
}

export function createTxnTable(store: Store): Result<TxnTable> {
  const sql = prepare(store);
  /** Those that are not at an end. */
  const alive = new Map<string, Txn>();
  const unsaved = new Map<string, Txn>();
  /** Journal row up to which the table holds what follows from it, and up to which we do. */
  let savedSeq = 0;
  let seenSeq = 0;

  function load(): boolean {
    alive.clear();
    unsaved.clear();
    savedSeq = (sql.saved.get() as { saved: number }).saved;
    seenSeq = savedSeq;
    for (const row of sql.live.all() as { body: string }[]) {
      const txn = readTxn(row.body);
      if (!txn) return false;
      alive.set(txn.id, txn);
    }
    return (sql.tail.all(savedSeq) as TailRow[]).every(foldRow);
  }

  function foldRow({ seq, txn, body }: TailRow): boolean {
    const entry = readEntry(body);
    const before = find(txn);
    if (!entry || !before || !canFollow(before, entry)) return false;
    keep(applyRow(before, entry, seq), seq);
    return true;
  }

  const find = (id: string): Txn | undefined => alive.get(id) ?? unsaved.get(id) ?? stored(sql, id);

  function keep(txn: Txn, seq: number): void {
    seenSeq = seq;
    unsaved.set(txn.id, txn);
    if (isStillLive(txn)) alive.set(txn.id, txn);
    else alive.delete(txn.id);
  }

  function save(): void {
    if (seenSeq === savedSeq) return;
    for (const txn of unsaved.values()) {
      sql.upsert.run(txn.id, txn.charge?.service ?? null, txn.state, isStillLive(txn) ? 1 : 0, JSON.stringify(txn));
    }
    sql.writeSaved.run(seenSeq);
    unsaved.clear();
    savedSeq = seenSeq;
  }

  if (!load()) return fail('ledger.corrupt', 'a transaction matches neither its schema nor the journal');
  store.onRollback(() => void load());
  return ok({
    get(id) {
      const txn = find(id);
      if (!txn) throw new Error(`transaction ${id} does not match its schema`);
      return txn;
    },
    put(txn, seq) {
      keep(txn, seq);
      if (seenSeq - savedSeq >= MAX_LAG_ROWS) save();
    },
    save,
    live: () => [...alive.values()].toSorted((a, b) => a.since - b.since),
  });
}

function prepare({ db }: Store) {
  return {
    one: later(db, 'SELECT body FROM txn WHERE id = ?'),
    live: later(db, 'SELECT body FROM txn WHERE live = 1'),
    upsert: later(
      db,
      `INSERT INTO txn (id, service, state, live, body) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET service = excluded.service, state = excluded.state, live = excluded.live,
         body = excluded.body`,
    ),
    saved: later(db, 'SELECT saved FROM meta'),
    writeSaved: later(db, 'UPDATE meta SET saved = ?'),
    tail: later(db, `SELECT seq, txn, body FROM journal WHERE seq > ? AND txn <> '' ORDER BY seq`),
  };
}

/** Undefined when the row does not match its schema. */
function stored(sql: ReturnType<typeof prepare>, id: string): Txn | undefined {
  const row = sql.one.get(id) as { body: string } | undefined;
  return row ? readTxn(row.body) : newTxn(id);
}

/** Whether its row is kept at hand: there may be more to come. */
export function isStillLive(txn: Txn): boolean {
  return !['created', 'ticketed', 'submitted', 'cancelled', 'delivered', 'reversed'].includes(txn.state);
}

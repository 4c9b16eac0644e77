/** Where each transaction stands, derived from the journal and written in the same commit. */
import { Value } from 'typebox/value';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { Txn } from './journal.schema.ts';
import { newTxn } from './txn.fold.ts';
import type { Store } from './store.ts';

export interface TxnTable {
  /** The transaction, also one nothing is written of yet. */
  get(id: string): Txn;
  /** Within a commit. */
  put(txn: Txn): void;
  /** All that are not at an end: open ones and those with staff. */
  live(): readonly Txn[];
}

export function createTxnTable(store: Store): Result<TxnTable> {
  const { db } = store;
  const upsert = db.prepare(
    `INSERT INTO txn (id, service, state, live, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET service = excluded.service, state = excluded.state, live = excluded.live,
       body = excluded.body`,
  );
  const selectOne = db.prepare('SELECT body FROM txn WHERE id = ?');
  const selectLive = db.prepare('SELECT body FROM txn WHERE live = 1');
  const cache = new Map<string, Txn>();

  function load(): boolean {
    cache.clear();
    for (const row of selectLive.all() as { body: string }[]) {
      const txn = read(row.body);
      if (!txn) return false;
      cache.set(txn.id, txn);
    }
    return true;
  }

  if (!load()) return fail('ledger.corrupt', 'a transaction does not match its schema');
  store.onRollback(() => void load());
  return ok({
    get(id) {
      const known = cache.get(id);
      if (known) return known;
      const row = selectOne.get(id) as { body: string } | undefined;
      if (!row) return newTxn(id);
      const txn = read(row.body);
      if (!txn) throw new Error(`transaction ${id} does not match its schema`);
      return txn;
    },
    put(txn) {
      const isLive = isStillLive(txn);
      upsert.run(txn.id, txn.charge?.service ?? null, txn.state, isLive ? 1 : 0, JSON.stringify(txn));
      if (isLive) cache.set(txn.id, txn);
      else cache.delete(txn.id);
    },
    live: () => [...cache.values()].toSorted((a, b) => a.since - b.since),
  });
}

function isStillLive(txn: Txn): boolean {
  return !['created', 'ticketed', 'cancelled', 'delivered', 'reversed'].includes(txn.state);
}

function read(body: string): Txn | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return Value.Check(Txn, value) ? value : undefined;
  } catch {
    return undefined; // not even JSON: the same as not matching
  }
}

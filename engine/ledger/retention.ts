/**
 * How long rows are kept. Records stay 30 days after they were written even when acknowledged, so that a platform
 * restored from an old backup can have them again; what is not acknowledged or not settled stays for ever.
 */
import type { Clock } from '../../contract/clock.ts';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import type { Store } from './store.ts';
import type { TxnTable } from './txn-table.ts';

const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Rows a commit deletes at most: short enough not to be felt by a resident. */
const CHUNK_ROWS = 500;

/**
 * Deletes one chunk of what is past its time; returns how many rows went. The last row of each chain stays: the next
 * one is hashed over it. So do all from the first row of the oldest transaction that is not at an end.
 */
export function prune(store: Store, clock: Clock, txns: TxnTable, nextSeq: number): Result<number> {
  const keepFrom = txns.live()[0]?.since ?? nextSeq;
  const before = clock.wallMs() - KEPT_MS;
  const { db } = store;
  const deleteRecords = db.prepare(
    `DELETE FROM outbox WHERE seq IN (
       SELECT seq FROM outbox WHERE at < ? AND seq <= (SELECT acked FROM meta) AND seq < (SELECT MAX(seq) FROM outbox)
       ORDER BY seq LIMIT ${CHUNK_ROWS})`,
  );
  const deleteRows = db.prepare(
    `DELETE FROM journal WHERE seq IN (
       SELECT seq FROM journal WHERE at < ? AND seq < ? AND seq < (SELECT MAX(seq) FROM journal)
       ORDER BY seq LIMIT ${CHUNK_ROWS}) RETURNING txn`,
  );
  const deleteTxn = db.prepare('DELETE FROM txn WHERE id = ? AND live = 0');
  const pruned = store.commit(() => {
    // no row goes before what follows from it is written down
    txns.save();
    const records = deleteRecords.run(before).changes;
    const rows = deleteRows.all(before, keepFrom) as { txn: string }[];
    for (const { txn } of rows) deleteTxn.run(txn);
    return records + rows.length;
  });
  return pruned.ok ? ok(pruned.value) : pruned;
}

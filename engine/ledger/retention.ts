/**
 * How long rows are kept (money-and-sync 0, 5). They stay 30 days after they were written even when acknowledged, so that
 * a platform restored from an old backup can have them again; audit records stay 180 days, the last 150 in a table of
 * their own. What is not acknowledged, or belongs to a transaction that is still open, stays for ever.
 */
import type { Clock } from '../../contract/clock.ts';
import type { Result } from '../../contract/outcome.schema.ts';
import type { Stream } from '../../contract/terminal-event.schema.ts';
import { linkOf, seqIn, STREAMS, textsOf, type Journal, type JournalRow } from './journal.ts';
import { chainHash } from './record-hash.ts';
import type { Store } from './store.ts';
import type { TxnTable } from './txn-table.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const KEPT_MS = 30 * DAY_MS;
const AUDIT_KEPT_MS = 180 * DAY_MS;
/** Rows a commit deletes at most: short enough not to be felt by a resident. */
const CHUNK_ROWS = 500;

/**
 * Deletes one chunk of what is past its time; returns how many rows went. Always from the beginning, so that the rest
 * stays one chain: what came before it is written down as its base. The last row stays.
 */
export function prune(store: Store, clock: Clock, txns: TxnTable, journal: Journal): Result<number> {
  const sql = prepare(store);
  const acked = new Map(sql.acked.all() as [Stream, number][]);
  const keepFrom = txns.live()[0]?.since ?? journal.nextSeq();
  const nowMs = clock.wallMs();
  const isPast = (row: JournalRow): boolean =>
    row.at < nowMs - KEPT_MS && STREAMS.every((stream) => seqIn(row, stream) <= (acked.get(stream) ?? 0));
  const past: JournalRow[] = [];
  for (const row of sql.oldest.iterate(Math.min(keepFrom, journal.nextSeq() - 1)) as Iterable<JournalRow>) {
    if (!isPast(row)) break;
    past.push(row);
  }
  const pruned = store.commit(() => {
    // no row goes before what follows from it is written down
    txns.save();
    let auditHash = journal.base('audit').hash;
    for (const row of past) {
      if (row.stream === 'audit') auditHash = keepAudit(sql, row, auditHash);
      if (row.stream !== null) sql.streamBase.run(seqIn(row, row.stream), row.link, row.stream);
    }
    const last = past.at(-1);
    if (last) {
      // one of which a row stays is known as long as that row
      const gone = new Set(past.map(({ txn }) => txn));
      for (const txn of sql.staying.all(last.seq, JSON.stringify([...gone])) as string[]) gone.delete(txn);
      for (const txn of gone) sql.deleteTxn.run(txn);
      sql.deleteRows.run(last.seq);
      sql.base.run(last.seq, last.hash);
    }
    const older = sql.deleteBefore.run(nowMs - AUDIT_KEPT_MS).changes;
    return past.length + older + sql.deleteAudit.run(nowMs - AUDIT_KEPT_MS).changes;
  });
  if (!pruned.ok) return pruned;
  journal.reload();
  return pruned;
}

/** Audit records of a row that goes, into their own table; returns the hash after them. */
function keepAudit(sql: ReturnType<typeof prepare>, row: JournalRow, before: string): string {
  const texts = textsOf(row);
  let hash = before;
  for (const [index, text] of texts.entries()) {
    hash = chainHash(hash, text);
    sql.keepAudit.run(row.audit_seq - texts.length + 1 + index, row.at, text, Buffer.from(hash, 'hex'));
  }
  return linkOf(row);
}

function prepare({ db }: Store) {
  return {
    acked: db.prepare('SELECT name, acked FROM stream').raw(),
    oldest: db.prepare(`SELECT * FROM journal WHERE seq < ? ORDER BY seq LIMIT ${CHUNK_ROWS}`),
    staying: db
      .prepare('SELECT DISTINCT txn FROM journal WHERE seq > ? AND txn IN (SELECT value FROM json_each(?))')
      .pluck(),
    deleteRows: db.prepare('DELETE FROM journal WHERE seq <= ?'),
    deleteTxn: db.prepare('DELETE FROM txn WHERE id = ? AND live = 0'),
    base: db.prepare('UPDATE meta SET base_seq = ?, base_hash = ?'),
    streamBase: db.prepare('UPDATE stream SET base_seq = ?, base_hash = ? WHERE name = ?'),
    keepAudit: db.prepare('INSERT INTO audit_kept (seq, at, event, hash) VALUES (?, ?, ?, ?)'),
    deleteAudit: db.prepare(
      `DELETE FROM audit_kept WHERE (incarnation, seq) IN
       (SELECT incarnation, seq FROM audit_kept WHERE at < ? ORDER BY seq LIMIT ${CHUNK_ROWS})`,
    ),
    deleteBefore: db.prepare(
      `DELETE FROM journal_before WHERE (incarnation, seq) IN
       (SELECT incarnation, seq FROM journal_before WHERE at < ? ORDER BY seq LIMIT ${CHUNK_ROWS})`,
    ),
  };
}

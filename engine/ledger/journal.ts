/** The journal: one row per step, chained by hash, never changed. */
import type { Clock } from '../../contract/clock.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { JournalEntry } from './journal.schema.ts';
import { chainHash, ZERO_HASH } from './record-hash.ts';
import type { Store } from './store.ts';

export interface Journal {
  /** Within a commit: adds the row and returns its seq. */
  add(txn: string, entry: JournalEntry): number;
  /** The seq the next row will have. */
  nextSeq(): number;
}

interface JournalRow {
  readonly seq: number;
  readonly txn: string;
  readonly step: string;
  readonly at: number;
  readonly boot: string;
  readonly mono_ms: number;
  readonly body: string;
  readonly prev_hash: Buffer;
  readonly hash: Buffer;
}

export function createJournal(store: Store, clock: Clock, boot: string): Journal {
  const { db } = store;
  const insert = db.prepare(
    'INSERT INTO journal (seq, txn, step, at, boot, mono_ms, body, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  let tail = readTail();
  store.onRollback(() => {
    tail = readTail();
  });

  function readTail(): { seq: number; hash: string } {
    const row = db.prepare('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1').get();
    const last = row as { seq: number; hash: Buffer } | undefined;
    return last ? { seq: last.seq, hash: last.hash.toString('hex') } : { seq: 0, hash: ZERO_HASH };
  }

  return {
    nextSeq: () => tail.seq + 1,
    add(txn, entry) {
      const seq = tail.seq + 1;
      const at = Math.round(clock.wallMs());
      const monoMs = Math.round(clock.now());
      const body = JSON.stringify(entry);
      const hash = rowHash(tail.hash, { seq, txn, step: entry.step, at, boot, mono_ms: monoMs, body });
      insert.run(seq, txn, entry.step, at, boot, monoMs, body, hexBytes(tail.hash), hexBytes(hash));
      tail = { seq, hash };
      return seq;
    },
  };
}

/** Walks the last `limit` rows; `ledger.corrupt` names the first one that does not fit. */
export function checkJournal(store: Store, limit: number): Result<undefined> {
  const newestFirst = store.db.prepare('SELECT * FROM journal ORDER BY seq DESC LIMIT ?').all(limit) as JournalRow[];
  let previous: JournalRow | undefined;
  for (const row of newestFirst.toReversed()) {
    const follows = !previous || (row.seq === previous.seq + 1 && row.prev_hash.equals(previous.hash));
    const isWhole = rowHash(row.prev_hash.toString('hex'), row) === row.hash.toString('hex');
    if (!follows || !isWhole) return fail('ledger.corrupt', `journal row ${row.seq}`);
    previous = row;
  }
  return ok(undefined);
}

export function hexBytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

function rowHash(prevHash: string, row: Omit<JournalRow, 'prev_hash' | 'hash'>): string {
  return chainHash(prevHash, JSON.stringify([row.seq, row.txn, row.step, row.at, row.boot, row.mono_ms, row.body]));
}

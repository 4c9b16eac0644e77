/**
 * What the platform must know: records in order, chained by hash, sent again until acknowledged (law 4). The platform
 * says how far it is (`Head`); everything up to there is acknowledged if, and only if, our own hash there is the same.
 */
import type { Clock } from '../../contract/clock.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Head } from '../../contract/platform-api.schema.ts';
import type { TerminalEvent, TerminalRecord } from '../../contract/terminal-event.schema.ts';
import { hexBytes } from './journal.ts';
import { canonicalJson, chainHash, ZERO_HASH } from './record-hash.ts';
import type { Store } from './store.ts';

export interface Outbox {
  /** The next records to send, oldest first, and the hash they stand on. */
  pending(limit: number): { readonly prevHash: string; readonly records: readonly TerminalRecord[] };
  /**
   * Takes the platform's head. An older head than before (a platform restored from its backup) means: those records go
   * up again. `platform.fork` when our history differs from the platform's there, or does not reach it.
   */
  acknowledge(head: Head): Result<undefined>;
  /** How many records the platform does not have yet. */
  unacknowledged(): number;
  /** Wall time (ms) at which the oldest of them was written; undefined when there is none. */
  oldestUnacknowledgedAt(): number | undefined;
}

export interface OutboxWriter extends Outbox {
  /** Within a commit. */
  add(events: readonly TerminalEvent[]): void;
}

interface OutboxRow {
  readonly seq: number;
  readonly body: string;
  readonly prev_hash: Buffer;
  readonly hash: Buffer;
}

export function createOutbox(store: Store, clock: Clock): OutboxWriter {
  const { db } = store;
  const insert = db.prepare('INSERT INTO outbox (seq, at, body, prev_hash, hash) VALUES (?, ?, ?, ?, ?)');
  const selectAfter = db.prepare('SELECT * FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?');
  const selectAt = db.prepare('SELECT at FROM outbox WHERE seq > ? ORDER BY seq LIMIT 1');
  const selectHash = db.prepare('SELECT hash FROM outbox WHERE seq = ?');
  const selectPrevHash = db.prepare('SELECT prev_hash AS hash FROM outbox WHERE seq = ?');
  const writeAcked = db.prepare('UPDATE meta SET acked = ?');
  let tail = readTail();
  let acked = readAcked();
  store.onRollback(() => {
    tail = readTail();
    acked = readAcked();
  });

  function readTail(): { seq: number; hash: string } {
    const row = db.prepare('SELECT seq, hash FROM outbox ORDER BY seq DESC LIMIT 1').get();
    const last = row as { seq: number; hash: Buffer } | undefined;
    return last ? { seq: last.seq, hash: last.hash.toString('hex') } : { seq: 0, hash: ZERO_HASH };
  }
  function readAcked(): number {
    return (db.prepare('SELECT acked FROM meta').get() as { acked: number }).acked;
  }
  /** Hash after record `seq`; undefined when we never had it, or keep it no longer. */
  function hashAt(seq: number): string | undefined {
    if (seq === 0) return ZERO_HASH;
    const row = selectHash.get(seq) ?? selectPrevHash.get(seq + 1);
    return (row as { hash: Buffer } | undefined)?.hash.toString('hex');
  }

  return {
    add(events) {
      for (const event of events) {
        const seq = tail.seq + 1;
        const body = canonicalJson(event);
        const hash = chainHash(tail.hash, body);
        insert.run(seq, Math.round(clock.wallMs()), body, hexBytes(tail.hash), hexBytes(hash));
        tail = { seq, hash };
      }
    },
    pending(limit) {
      const rows = selectAfter.all(acked, limit) as OutboxRow[];
      return { prevHash: rows[0]?.prev_hash.toString('hex') ?? tail.hash, records: rows.map(toRecord) };
    },
    acknowledge(head) {
      if (hashAt(head.seq) !== head.hash) return fail('platform.fork', `at record ${head.seq}`);
      if (head.seq < tail.seq && selectHash.get(head.seq + 1) === undefined) {
        return fail('platform.fork', `record ${head.seq + 1} is kept no longer`);
      }
      if (head.seq === acked) return ok(undefined);
      const written = store.commit(() => void writeAcked.run(head.seq));
      if (!written.ok) return written;
      acked = head.seq;
      return ok(undefined);
    },
    unacknowledged: () => tail.seq - acked,
    oldestUnacknowledgedAt: () => (selectAt.get(acked) as { at: number } | undefined)?.at,
  };
}

/** Walks the last `limit` records; `ledger.corrupt` names the first one that does not fit. */
export function checkOutbox(store: Store, limit: number): Result<undefined> {
  const newestFirst = store.db.prepare('SELECT * FROM outbox ORDER BY seq DESC LIMIT ?').all(limit) as OutboxRow[];
  let previous: OutboxRow | undefined;
  for (const row of newestFirst.toReversed()) {
    const follows = !previous || (row.seq === previous.seq + 1 && row.prev_hash.equals(previous.hash));
    const isWhole = chainHash(row.prev_hash.toString('hex'), row.body) === row.hash.toString('hex');
    if (!follows || !isWhole) return fail('ledger.corrupt', `outbox record ${row.seq}`);
    previous = row;
  }
  return ok(undefined);
}

function toRecord(row: OutboxRow): TerminalRecord {
  return { seq: row.seq, event: JSON.parse(row.body) as TerminalEvent, hash: row.hash.toString('hex') };
}

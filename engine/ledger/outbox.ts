/**
 * What the platform must know: records in order, chained by hash, sent again until acknowledged (law 4). The platform
 * says how far it is (`Head`); everything up to there is acknowledged if, and only if, our own hash there is the same.
 * The records stand in the journal; of a stream only how far it is acknowledged is written besides.
 */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Head } from '../../contract/platform-api.schema.ts';
import type { Stream, StreamEvent, StreamRecord, TerminalRecord } from '../../contract/terminal-event.schema.ts';
import { linkOf, seqIn, textsOf, type Journal, type JournalRow } from './journal.ts';
import { later, laterValue } from './later.ts';
import { chainHash } from './record-hash.ts';
import type { SealedParts } from './sealed-parts.ts';
import type { Store } from './store.ts';

export type RecordOf<S extends Stream> = S extends 'ledger' ? TerminalRecord : StreamRecord;

/** Each method means the `ledger` stream unless told another. */
export interface Outbox {
  /** The next records to send, oldest first, and the hash they stand on. */
  pending<S extends Stream = 'ledger'>(
    limit: number,
    stream?: S,
  ): { readonly prevHash: string; readonly records: readonly RecordOf<S>[] };
  /**
   * Takes the platform's head. An older head than before (a platform restored from its backup) means: those records go
   * up again. `platform.fork` when our history differs from the platform's there, or does not reach it.
   */
  acknowledge(head: Head, stream?: Stream): Result<undefined>;
  /** How many records the platform does not have yet. */
  unacknowledged(stream?: Stream): number;
  /** Wall time (ms) at which the oldest of them was written; undefined when there is none. */
  oldestUnacknowledgedAt(stream?: Stream): number | undefined;
  /** How far the stream is written, and how far the platform has it. */
  head(stream?: Stream): { readonly written: Head; readonly acknowledged: Head };
}

export function createOutbox(store: Store, journal: Journal, sealedParts: Pick<SealedParts, 'attach'>): Outbox {
  const { db } = store;
  const selectRows = later(db, 'SELECT * FROM journal WHERE seq BETWEEN ? AND ? AND stream = ? ORDER BY seq');
  const selectAt = laterValue(db, 'SELECT at FROM journal WHERE seq = ?');
  const selectAcked = laterValue(db, 'SELECT acked FROM stream WHERE name = ?');
  const writeAcked = later(db, 'UPDATE stream SET acked = ? WHERE name = ?');
  let acked = readAcked();
  store.onRollback(() => {
    acked = readAcked();
  });

  function readAcked(): Record<Stream, number> {
    const of = (stream: Stream) => selectAcked.get(stream) as number;
    return { ledger: of('ledger'), audit: of('audit'), metrics: of('metrics') };
  }

  function pending(limit: number, stream: Stream): { prevHash: string; records: readonly StreamRecord[] } {
    const { seq: last } = journal.head(stream);
    const prevHash = journal.hashAt(stream, acked[stream]) ?? '';
    const records: StreamRecord[] = [];
    let hash = prevHash;
    let next = acked[stream] + 1;
    while (next <= last && records.length < limit) {
      const row = journal.find(stream, next);
      for (const found of selectRows.all(row, row + limit - records.length, stream) as JournalRow[]) {
        const read = recordsOf(found, hash, next);
        records.push(...read);
        hash = linkOf(found);
        next = seqIn(found, stream) + 1;
      }
    }
    return { prevHash, records: records.slice(0, limit).map((record) => sealedParts.attach(record)) };
  }

  return {
    pending: <S extends Stream = 'ledger'>(limit: number, stream?: S) =>
      pending(limit, stream ?? 'ledger') as { prevHash: string; records: readonly RecordOf<S>[] },
    acknowledge(head, stream = 'ledger') {
      if (journal.hashAt(stream, head.seq) !== head.hash)
        return fail('platform.fork', `at ${stream} record ${head.seq}`);
      if (head.seq === acked[stream]) return ok(undefined);
      const written = store.commit(() => void writeAcked.run(head.seq, stream));
      if (!written.ok) return written;
      acked[stream] = head.seq;
      return ok(undefined);
    },
    unacknowledged: (stream = 'ledger') => journal.head(stream).seq - acked[stream],
    oldestUnacknowledgedAt(stream = 'ledger') {
      if (journal.head(stream).seq === acked[stream]) return undefined;
      return selectAt.get(journal.find(stream, acked[stream] + 1)) as number;
    },
    head(stream = 'ledger') {
      const seq = acked[stream];
      return { written: journal.head(stream), acknowledged: { seq, hash: journal.hashAt(stream, seq) ?? '' } };
    },
  };
}

/** The row's records from `from` on; `before` is the hash at the record before them, or before the row. */
function recordsOf(row: JournalRow, before: string, from: number): readonly StreamRecord[] {
  const texts = textsOf(row);
  const end = row.stream === null ? 0 : seqIn(row, row.stream);
  const records: StreamRecord[] = [];
  let hash = before;
  for (const [index, text] of texts.entries()) {
    const seq = end - texts.length + 1 + index;
    if (seq < from) continue;
    hash = seq === end ? linkOf(row) : chainHash(hash, text);
    records.push({ seq, event: JSON.parse(text) as StreamEvent, hash });
  }
  return records;
}

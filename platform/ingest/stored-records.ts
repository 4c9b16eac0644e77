/** The records of a stream as they stand in the database: rows of batches, taken apart. */
import { MOST_RECORDS_A_BATCH } from '../../contract/platform-api.schema.ts';
import type { PlatformDatabase, Tables } from '../database/tables.ts';
import { chainHash } from './chain.ts';

export interface StreamName {
  readonly terminal: string;
  readonly incarnation: string;
  readonly stream: string;
}

export interface StoredRecord {
  readonly seq: number;
  readonly prevHash: string;
  /** Of what stands here: when a text was changed afterwards, the next row's beginning no longer fits. */
  readonly hash: string;
  /** Canonical JSON of the event. */
  readonly text: string;
  readonly receivedMs: number;
}

/** Both ends included; in their order. */
export interface SeqRange {
  readonly from: number;
  readonly to: number;
}

/** Also within a commit, which is a database of its own. */
export async function readStoredRecords(
  database: PlatformDatabase,
  { terminal, incarnation, stream }: StreamName,
  { from, to }: SeqRange,
): Promise<readonly StoredRecord[]> {
  const rows = await database
    .selectFrom('record_batches')
    .select(['first_seq', 'prev_hash', 'events', 'received_ms'])
    .where('terminal_id', '=', terminal)
    .where('incarnation', '=', incarnation)
    .where('stream', '=', stream)
    .where('last_seq', '>=', from)
    // no row is longer, so that the key alone bounds what is looked at
    .where('last_seq', '<', to + MOST_RECORDS_A_BATCH)
    .where('first_seq', '<=', to)
    .orderBy('last_seq')
    .execute();
  return rows.flatMap((row) => takeApart(row).filter(({ seq }) => seq >= from && seq <= to));
}

/** The records of one row. */
export function takeApart({
  first_seq,
  prev_hash,
  events,
  received_ms,
}: Pick<Tables['record_batches'], 'first_seq' | 'prev_hash' | 'events' | 'received_ms'>): readonly StoredRecord[] {
  let prevHash = prev_hash;
  return events.split(LINE_END).map((text, index) => {
    const record = { seq: first_seq + index, prevHash, hash: chainHash(prevHash, text), text, receivedMs: received_ms };
    prevHash = record.hash;
    return record;
  });
}

/** JSON holds it in escaped form only. */
const LINE_END = '\n';

/** The reasons of those that are parked, by their seq. */
export async function readParkReasons(
  database: PlatformDatabase,
  { terminal, incarnation, stream }: StreamName,
  { from, to }: SeqRange,
): Promise<ReadonlyMap<number, string>> {
  const rows = await database
    .selectFrom('record_remarks')
    .select(['seq', 'parked_reason'])
    .where('terminal_id', '=', terminal)
    .where('incarnation', '=', incarnation)
    .where('stream', '=', stream)
    .where('seq', '>=', from)
    .where('seq', '<=', to)
    .where('parked_reason', 'is not', null)
    .execute();
  return new Map(rows.map(({ seq, parked_reason }) => [seq, parked_reason ?? '']));
}

export function eventLines(texts: readonly string[]): string {
  return texts.join(LINE_END);
}

/** One stream as far as it is new: whether its chain holds, and what the rows of the operations it names say together. */
import { checkInvariants, type Violation } from '../../contract/invariants.ts';
import type { StreamEvent } from '../../contract/terminal-event.schema.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { chainHash } from '../ingest/chain.ts';
import { readStoredRecords, type StoredRecord } from '../ingest/stored-records.ts';
import { readInvariantFacts } from './invariant-facts.ts';

/** What is left is for the next round. */
const RECORDS_A_ROUND = 500;

export interface Moved {
  readonly terminal_id: string;
  readonly incarnation: string;
  readonly stream: string;
  readonly known_seq: number | null;
}

/** What the new records of one stream say. */
export interface Found {
  readonly cursor: { readonly terminal_id: string; incarnation: string; stream: string; seq: number };
  readonly count: number;
  readonly violations: readonly Violation[];
  readonly audits: readonly { readonly event: Audit; readonly receivedMs: number }[];
}

export type Audit = Extract<StreamEvent, { type: 'Audit' }>;

/** Nothing when nothing is new. Rejects when the database cannot be read now. */
export async function examine(database: PlatformDatabase, moved: Moved, nowMs: number): Promise<Found | undefined> {
  const { terminal_id, incarnation, stream } = moved;
  const knownSeq = moved.known_seq ?? 0;
  const name = { terminal: terminal_id, incarnation, stream };
  // one before, whose hash the next one continues
  const records = await readStoredRecords(database, name, { from: knownSeq, to: knownSeq + RECORDS_A_ROUND });
  const fresh = records.filter(({ seq }) => seq > knownSeq);
  const last = fresh.at(-1);
  if (!last) return undefined;
  const operations = operationsIn(fresh);
  const facts = operations.length === 0 ? {} : await readInvariantFacts(database, terminal_id, operations, nowMs);
  return {
    cursor: { terminal_id, incarnation, stream, seq: last.seq },
    count: fresh.length,
    violations: [...checkInvariants(facts), ...checkChain(moved, records)],
    audits: stream === 'audit' ? fresh.flatMap(readAudit) : [],
  };
}

/** An event of the chain, taken by its bytes alone. */
interface UnreadEvent {
  readonly type: string;
  readonly record: StoredRecord;
}

function checkChain({ incarnation, stream }: Moved, records: readonly StoredRecord[]): readonly Violation[] {
  const chain = records.map((record) => {
    const event: UnreadEvent = { type: stream, record };
    return { seq: record.seq, hash: record.hash, incarnation, stream, event };
  });
  return checkInvariants(
    { platform: { records: chain } },
    { recordHash: (previous, event) => hashAfter(previous, (event as UnreadEvent).record) },
  );
}

/** The hash of a record is that of its bytes after the one it was read behind. */
function hashAfter(previous: string, { prevHash, hash, text }: StoredRecord): string {
  return previous === prevHash ? hash : chainHash(previous, text);
}

/** In canonical JSON there is no space; one that stands deeper in an event is looked at for nothing. */
const OPERATION = /"operation":("(?:[^"\\]|\\.)*")/g;

function operationsIn(records: readonly StoredRecord[]): readonly string[] {
  const written = new Set<string>();
  for (const { text } of records) for (const [, operation = '""'] of text.matchAll(OPERATION)) written.add(operation);
  return [...written].map((operation) => JSON.parse(operation) as string);
}

function readAudit({ text, receivedMs }: StoredRecord): Found['audits'] {
  const event = JSON.parse(text) as StreamEvent;
  return event.type === 'Audit' ? [{ event, receivedMs }] : [];
}

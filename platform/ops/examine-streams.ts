/** Streams as far as they are new: whether their chains hold, and what the rows of the operations they name say together. */
import { checkInvariants, type Violation } from '../../contract/invariants.ts';
import type { StreamEvent } from '../../contract/terminal-event.schema.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { chainHash } from '../ingest/chain.ts';
import { readStoredRecords, type StoredRecord } from '../ingest/stored-records.ts';
import { readPlatformFacts, type OperationsByTerminal } from './invariant-facts.ts';
import type { Moved } from './moved-streams.ts';

/** Of one stream; what is left is for the next look. */
const RECORDS_A_STREAM = 500;
/** Looked at together, in one turn of the thread that serves: a few milliseconds. */
const RECORDS_TOGETHER = 500;
const STREAMS_TOGETHER = 64;

/** What the new records of one terminal say. */
export interface Found {
  readonly terminal: string;
  readonly cursors: readonly Cursor[];
  readonly count: number;
  readonly violations: readonly Violation[];
  readonly audits: readonly { readonly event: Audit; readonly receivedMs: number }[];
}

export interface Cursor {
  readonly terminal_id: string;
  readonly incarnation: string;
  readonly stream: string;
  readonly seq: number;
}

export type Audit = Extract<StreamEvent, { type: 'Audit' }>;

/** Cut so that one part is not long. Those of a terminal may fall into two parts. */
export function partsOf(moved: readonly Moved[]): readonly (readonly Moved[])[] {
  const parts: Moved[][] = [];
  let records = Number.POSITIVE_INFINITY;
  for (const one of moved) {
    const own = Math.min(one.seq - (one.known_seq ?? 0), RECORDS_A_STREAM);
    const last = parts.at(-1);
    if (last && last.length < STREAMS_TOGETHER && records + own <= RECORDS_TOGETHER) {
      last.push(one);
      records += own;
    } else {
      parts.push([one]);
      records = own;
    }
  }
  return parts;
}

/** Rejects when the database cannot be read now. */
export async function examine(
  database: PlatformDatabase,
  moved: readonly Moved[],
  nowMs: number,
): Promise<readonly Found[]> {
  const fresh: Fresh[] = [];
  for (const one of moved) {
    const read = await readFresh(database, one);
    if (read) fresh.push(read);
  }
  const byTerminal = Map.groupBy(fresh, ({ cursor }) => cursor.terminal_id);
  const facts = await readPlatformFacts(database, operationsIn(byTerminal), nowMs);
  return [...byTerminal].map(([terminal, streams]) => ({
    terminal,
    cursors: streams.map(({ cursor }) => cursor),
    count: streams.reduce((sum, { records }) => sum + records.length, 0),
    violations: checkInvariants(
      { platform: { ...facts.get(terminal), records: streams.flatMap(chainOf) } },
      { recordHash: hashAfter },
    ),
    audits: streams.flatMap(({ cursor, records }) => (cursor.stream === 'audit' ? records.flatMap(readAudit) : [])),
  }));
}

interface Fresh {
  readonly cursor: Cursor;
  /** The last one that was read before, whose hash the first one continues. */
  readonly before: StoredRecord | undefined;
  readonly records: readonly StoredRecord[];
}

/** Nothing when nothing is new. */
async function readFresh(database: PlatformDatabase, moved: Moved): Promise<Fresh | undefined> {
  const { terminal_id, incarnation, stream } = moved;
  const knownSeq = moved.known_seq ?? 0;
  const name = { terminal: terminal_id, incarnation, stream };
  const read = await readStoredRecords(database, name, { from: knownSeq, to: knownSeq + RECORDS_A_STREAM });
  const before = read[0]?.seq === knownSeq ? read[0] : undefined;
  const records = before ? read.slice(1) : read;
  const last = records.at(-1);
  return last && { cursor: { terminal_id, incarnation, stream, seq: last.seq }, before, records };
}

/** An event of the chain, taken by its bytes alone. */
interface UnreadEvent {
  readonly type: string;
  readonly record: StoredRecord;
}

function chainOf({ cursor: { incarnation, stream }, before, records }: Fresh) {
  return (before ? [before, ...records] : records).map((record) => {
    const event: UnreadEvent = { type: stream, record };
    return { seq: record.seq, hash: record.hash, incarnation, stream, event };
  });
}

/** The hash of a record is that of its bytes after the one it was read behind. */
function hashAfter(previous: string, event: { readonly type: string }): string {
  const { prevHash, hash, text } = (event as UnreadEvent).record;
  return previous === prevHash ? hash : chainHash(previous, text);
}

function operationsIn(streams: ReadonlyMap<string, readonly Fresh[]>): OperationsByTerminal {
  const operations = new Map<string, ReadonlySet<string>>();
  for (const [terminal, own] of streams) {
    const named = new Set<string>();
    for (const { records } of own) for (const { text } of records) addOperations(named, text);
    operations.set(terminal, named);
  }
  return operations;
}

const OPERATION = '"operation":"';

/**
 * By the bytes: parsing every event for one word would be most of what a look costs. In canonical JSON there is no space; one
 * that stands deeper in an event is looked at for nothing.
 */
function addOperations(operations: Set<string>, text: string): void {
  for (let at = text.indexOf(OPERATION); at !== -1; at = text.indexOf(OPERATION, at)) {
    at += OPERATION.length;
    const end = endOfString(text, at);
    const written = text.slice(at, end);
    operations.add(written.includes('\\') ? (parsed<string>(`"${written}"`) ?? written) : written);
    at = end;
  }
}

/** Where the quote after `at` stands that closes a string of JSON. */
function endOfString(text: string, at: number): number {
  let end = text.indexOf('"', at);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function readAudit({ text, receivedMs }: StoredRecord): Found['audits'] {
  const event = parsed<StreamEvent>(text);
  return event?.type === 'Audit' ? [{ event, receivedMs }] : [];
}

/** Nothing of bytes that are no JSON any more: somebody changed them, which the chain tells. */
function parsed<Value>(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

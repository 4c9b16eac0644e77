/**
 * Decides, from what is known alone, what becomes of each batch of a group. Nothing is read, nothing written, no time taken:
 * the same known rows and the same batches give the same decision on every node. Only the envelope can be refused (gap, fork);
 * a record that makes no sense to the business is stored and parked, so that it cannot block the ones behind it.
 */
import type { BatchReply, Head } from '../../contract/platform-api.schema.ts';
import { canonicalJson, FIRST_PREVIOUS_HASH } from './chain.ts';
import type { Draft } from './draft.ts';
import { decideIncarnation } from './incarnations.ts';
import { firstOf, type Arrival } from './ingest.types.ts';
import { project } from './projection.ts';
import { eventLines, type StreamName } from './stored-records.ts';

export interface Decision {
  readonly kind: 'accepted' | 'gap' | 'fork';
  readonly head: Head;
  readonly parked: BatchReply['parked'];
}

/** Changes `draft` by whatever the batch brings. */
export function decide(draft: Draft, arrival: Arrival): Decision {
  const head = headOf(draft, arrival);
  if (arrival.stream === 'metrics') return takeMetrics(draft, arrival, head);
  if (firstOf(arrival.batch).seq > head.seq + 1) return { kind: 'gap', head, parked: [] };
  const fork = findFork(draft, arrival, head);
  if (fork) {
    quarantine(draft, arrival, fork);
    return { kind: 'fork', head, parked: [] };
  }
  decideIncarnation(draft, arrival);
  return { kind: 'accepted', ...take(draft, arrival, head) };
}

export function headOf(draft: Draft, { terminal, stream, batch }: Arrival): Head {
  const row = draft.heads.get(terminal, batch.incarnation, stream);
  return row ? { seq: row.seq, hash: row.hash } : { seq: 0, hash: FIRST_PREVIOUS_HASH };
}

interface Fork {
  readonly index: number;
  readonly seq: number;
  readonly hash: string;
  readonly knownHash: string;
}

/** The first place the batch names that is taken by another record: before it, or in it. */
function findFork(draft: Draft, arrival: Arrival, head: Head): Fork | undefined {
  const { batch } = arrival;
  const first = firstOf(batch);
  const knownHash = (seq: number): string | undefined => {
    if (seq === 0) return FIRST_PREVIOUS_HASH;
    if (seq === head.seq) return head.hash;
    return seq > head.seq ? undefined : draft.places.hashAt(streamOf(arrival), seq);
  };
  const before = knownHash(first.seq - 1);
  if (before !== undefined && before !== batch.prevHash)
    return { index: 0, seq: first.seq - 1, hash: batch.prevHash, knownHash: before };
  for (const [index, { seq, hash }] of batch.records.entries()) {
    if (seq > head.seq) return undefined;
    const known = knownHash(seq);
    if (known !== undefined && known !== hash) return { index, seq, hash, knownHash: known };
  }
  return undefined;
}

function take(draft: Draft, arrival: Arrival, head: Head): Pick<Decision, 'head' | 'parked'> {
  const { batch, texts, receivedMs } = arrival;
  const { records } = batch;
  const place = streamOf(arrival);
  const fresh = Math.max(0, head.seq + 1 - firstOf(batch).seq);
  const parked: BatchReply['parked'] = [];
  for (const [index, { seq }] of records.entries()) {
    const reason = index < fresh ? draft.places.parkedAt(place, seq) : takeRecord(draft, arrival, index);
    if (reason !== undefined) parked.push({ seq, reason });
  }
  const last = records.at(-1);
  if (!last || fresh >= records.length) return { head, parked };
  const firstSeq = last.seq - (records.length - fresh) + 1;
  draft.batches.push({
    ...columnsOf(place),
    first_seq: firstSeq,
    last_seq: last.seq,
    prev_hash: head.hash,
    events: eventLines(fresh === 0 ? texts : texts.slice(fresh)),
    received_ms: receivedMs,
  });
  draft.places.add(place, firstSeq, hashesOf(records.slice(fresh)));
  const reached = { seq: last.seq, hash: last.hash };
  moveHead(draft, arrival, reached);
  return { head: reached, parked };
}

/** One that is new here. Why it is parked, if it is; the row of its batch holds it either way. */
function takeRecord(draft: Draft, arrival: Arrival, index: number): string | undefined {
  const { terminal, stream, batch, texts, receivedMs } = arrival;
  const record = batch.records[index];
  if (!record) throw new Error('an index of the batch');
  const { seq, event, sealed } = record;
  const origin = { terminal, incarnation: batch.incarnation, seq, receivedMs };
  const reason = project(draft, stream, origin, event, texts[index] ?? '');
  const doubt = clockDoubt(event.at, receivedMs);
  if (reason !== undefined || doubt !== null) {
    const place = streamOf(arrival);
    const remark = { type: event.type, received_ms: receivedMs, parked_reason: reason ?? null, clock_doubt: doubt };
    draft.remarks.push({ ...columnsOf(place), seq, ...remark });
    if (reason !== undefined) draft.places.park(place, seq, reason);
  }
  if (sealed !== undefined)
    draft.sealed.push({ ...columnsOf(streamOf(arrival)), seq, sealed, received_ms: receivedMs });
  return reason;
}

function columnsOf({ terminal, incarnation, stream }: StreamName) {
  return { terminal_id: terminal, incarnation, stream };
}

function hashesOf(records: Arrival['batch']['records']): readonly string[] {
  return records.map(({ hash }) => hash);
}

function streamOf({ terminal, stream, batch: { incarnation } }: Arrival): StreamName {
  return { terminal, incarnation, stream };
}

/** The lossy stream: what was overwritten on the terminal is missing, what is old is passed over, and nothing can fork. */
function takeMetrics(draft: Draft, arrival: Arrival, head: Head): Decision {
  const { terminal, stream, batch, texts, receivedMs } = arrival;
  const parked: BatchReply['parked'] = [];
  let reached = head;
  for (const [index, { seq, hash, event }] of batch.records.entries()) {
    if (seq <= head.seq) continue;
    const origin = { terminal, incarnation: batch.incarnation, seq, receivedMs };
    const reason = project(draft, stream, origin, event, texts[index] ?? '');
    if (reason !== undefined) parked.push({ seq, reason });
    reached = { seq, hash };
  }
  if (reached !== head) {
    decideIncarnation(draft, arrival);
    moveHead(draft, arrival, reached);
  }
  return { kind: 'accepted', head: reached, parked };
}

function moveHead(draft: Draft, { terminal, stream, batch, receivedMs }: Arrival, head: Head): void {
  const row = { terminal_id: terminal, incarnation: batch.incarnation, stream, ...head, moved_ms: receivedMs };
  draft.heads.set(row);
}

/** Later than this is no drift. */
const AHEAD_MS = 5 * 60_000;
/** No terminal of ours was in service before. */
const FIRST_SERVICE_MS = Date.UTC(2024, 0, 1);

/** Why the time a terminal put on a record is not to be believed. It is stored all the same: order is by sequence only. */
function clockDoubt(at: string, receivedMs: number): string | null {
  const atMs = Date.parse(at);
  if (Number.isNaN(atMs)) return 'unreadable';
  if (atMs > receivedMs + AHEAD_MS) return 'future';
  return atMs < FIRST_SERVICE_MS ? 'past' : null;
}

/** Enough for a person to see what the other history says, and no way to fill the disk. */
const QUARANTINED_RECORDS = 20;

/** The same fork told twice is one row. */
function quarantine(draft: Draft, { terminal, stream, batch, receivedMs }: Arrival, fork: Fork): void {
  const told = batch.records.slice(fork.index, fork.index + QUARANTINED_RECORDS);
  draft.quarantine.set({
    terminal_id: terminal,
    incarnation: batch.incarnation,
    stream,
    seq: fork.seq,
    hash: fork.hash,
    known_hash: fork.knownHash,
    received_ms: receivedMs,
    batch: canonicalJson({ ...batch, records: told }),
  });
}

/**
 * Decides, from what is known alone, what becomes of each batch of a group. Nothing is read, nothing written, no time taken:
 * the same known rows and the same batches give the same decision on every node. Only the envelope can be refused (gap, fork);
 * a record that makes no sense to the business is stored and parked, so that it cannot block the ones behind it.
 */
import type { BatchReply, Head } from '../../contract/platform-api.schema.ts';
import { canonicalJson, FIRST_PREVIOUS_HASH } from './chain.ts';
import { placeKey, type Draft } from './draft.ts';
import { decideIncarnation } from './incarnations.ts';
import { firstOf, type Arrival } from './ingest.types.ts';
import { project } from './projection.ts';

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
function findFork(draft: Draft, { terminal, stream, batch }: Arrival, head: Head): Fork | undefined {
  const first = firstOf(batch);
  const knownHash = (seq: number): string | undefined => {
    if (seq === 0) return FIRST_PREVIOUS_HASH;
    if (seq === head.seq) return head.hash;
    return seq > head.seq ? undefined : draft.places.get(placeKey(terminal, batch.incarnation, stream, seq))?.hash;
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
  const { terminal, stream, batch, texts, receivedMs } = arrival;
  const parked: BatchReply['parked'] = [];
  let reached = head;
  for (const [index, record] of batch.records.entries()) {
    const { seq, hash, event, sealed } = record;
    const key = placeKey(terminal, batch.incarnation, stream, seq);
    if (seq <= head.seq) {
      const reason = draft.places.get(key)?.parked_reason;
      if (typeof reason === 'string') parked.push({ seq, reason });
      continue;
    }
    const text = texts[index] ?? '';
    const origin = { terminal, incarnation: batch.incarnation, seq, receivedMs };
    const reason = project(draft, stream, origin, event, text) ?? null;
    if (reason !== null) parked.push({ seq, reason });
    const place = { terminal_id: terminal, incarnation: batch.incarnation, stream, seq };
    draft.records.push({
      ...place,
      hash,
      type: event.type,
      event: text,
      received_ms: receivedMs,
      parked_reason: reason,
      clock_doubt: clockDoubt(event.at, receivedMs),
    });
    draft.places.set(key, { hash, parked_reason: reason });
    if (sealed !== undefined) draft.sealed.push({ ...place, sealed, received_ms: receivedMs });
    reached = { seq, hash };
  }
  if (reached !== head) moveHead(draft, arrival, reached);
  return { head: reached, parked };
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

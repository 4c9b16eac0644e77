/**
 * Takes a batch of ledger records in, each exactly once: the rows, what they mean and the head move in one commit. Only
 * the envelope can be refused (gap, fork, broken chain); a record that makes no sense to the business is stored and parked,
 * so that it cannot block the ones behind it.
 */
import type { BatchReply, BatchRequest, Head } from '../../contract/platform-api.schema.ts';
import type { PlatformContext } from '../context.ts';
import type { Commit } from '../database/tables.ts';
import { FIRST_PREVIOUS_HASH, canonicalJson, findChainFault } from './chain.ts';
import { project } from './projection.ts';

const STREAM = 'ledger';

export type IngestAnswer =
  | { readonly kind: 'accepted' | 'gap' | 'fork'; readonly reply: BatchReply }
  | { readonly kind: 'broken'; readonly detail: string };

type Record = BatchRequest['records'][number];

/** Thrown, not returned: returning from inside the transaction would commit the half that was already written. */
class BatchRejected extends Error {
  readonly kind: 'gap' | 'fork';
  readonly head: Head;
  readonly fork: { readonly seq: number; readonly hash: string; readonly knownHash: string } | undefined;

  constructor(kind: 'gap' | 'fork', head: Head, fork?: { seq: number; hash: string; knownHash: string }) {
    super(`batch rejected: ${kind}`);
    this.kind = kind;
    this.head = head;
    this.fork = fork;
  }
}

export async function ingestBatch(
  context: PlatformContext,
  terminal: string,
  batch: BatchRequest,
): Promise<IngestAnswer> {
  const fault = findChainFault(batch);
  if (fault !== undefined) return { kind: 'broken', detail: fault };
  try {
    const reply = await context.database.transaction().execute((commit) => takeIn(commit, context, terminal, batch));
    return { kind: 'accepted', reply };
  } catch (error) {
    if (!(error instanceof BatchRejected)) throw error;
    if (error.fork) await quarantine(context, terminal, batch, error.fork);
    return { kind: error.kind, reply: { head: error.head, parked: [] } };
  }
}

async function takeIn(
  commit: Commit,
  context: PlatformContext,
  terminal: string,
  batch: BatchRequest,
): Promise<BatchReply> {
  let head = await readHead(commit, terminal, batch.incarnation);
  await refuseAnotherHistory(commit, terminal, batch, head);
  for (const record of batch.records) {
    if (record.seq <= head.seq) continue;
    await storeRecord(commit, context, terminal, batch.incarnation, record);
    head = { seq: record.seq, hash: record.hash };
  }
  await commit
    .insertInto('heads')
    .values({ terminal, incarnation: batch.incarnation, stream: STREAM, ...head })
    .onConflict((conflict) => conflict.columns(['terminal', 'incarnation', 'stream']).doUpdateSet(head))
    .execute();
  return { head, parked: await readParked(commit, terminal, batch) };
}

/** Throws when the batch leaves a gap, or when any place it names is taken by another record. */
async function refuseAnotherHistory(commit: Commit, terminal: string, batch: BatchRequest, head: Head): Promise<void> {
  const first = firstOf(batch);
  if (first.seq > head.seq + 1) throw new BatchRejected('gap', head);
  const known = await commit
    .selectFrom('records')
    .select(['seq', 'hash'])
    .where('terminal', '=', terminal)
    .where('incarnation', '=', batch.incarnation)
    .where('stream', '=', STREAM)
    .where('seq', '>=', first.seq - 1)
    .where('seq', '<=', first.seq - 1 + batch.records.length)
    .execute();
  const knownHashes = new Map(known.map((row) => [row.seq, row.hash]));
  if (first.seq === 1) knownHashes.set(0, FIRST_PREVIOUS_HASH);
  const told = [{ seq: first.seq - 1, hash: batch.prevHash }, ...batch.records];
  for (const { seq, hash } of told) {
    const knownHash = knownHashes.get(seq);
    if (knownHash !== undefined && knownHash !== hash) throw new BatchRejected('fork', head, { seq, hash, knownHash });
  }
}

async function storeRecord(
  commit: Commit,
  context: PlatformContext,
  terminal: string,
  incarnation: string,
  record: Record,
): Promise<void> {
  const receivedMs = context.clock.wallMs();
  const row = {
    terminal,
    incarnation,
    stream: STREAM,
    seq: record.seq,
    hash: record.hash,
    type: record.event.type,
    event: canonicalJson(record.event),
    received_ms: receivedMs,
    parked_reason: null,
  };
  const { arrival } = await commit.insertInto('records').values(row).returning('arrival').executeTakeFirstOrThrow();
  const reason = await project(commit, context, { terminal, arrival, receivedMs }, record.event);
  if (reason === undefined) return;
  await commit.updateTable('records').set({ parked_reason: reason }).where('arrival', '=', arrival).execute();
}

async function readHead(commit: Commit, terminal: string, incarnation: string): Promise<Head> {
  const row = await commit
    .selectFrom('heads')
    .select(['seq', 'hash'])
    .where('terminal', '=', terminal)
    .where('incarnation', '=', incarnation)
    .where('stream', '=', STREAM)
    .executeTakeFirst();
  return row ?? { seq: 0, hash: FIRST_PREVIOUS_HASH };
}

/** What of this batch is parked; the same answer when the batch is sent again. */
async function readParked(commit: Commit, terminal: string, batch: BatchRequest): Promise<BatchReply['parked']> {
  const first = firstOf(batch);
  const rows = await commit
    .selectFrom('records')
    .select(['seq', 'parked_reason'])
    .where('terminal', '=', terminal)
    .where('incarnation', '=', batch.incarnation)
    .where('stream', '=', STREAM)
    .where('seq', '>=', first.seq)
    .where('seq', '<', first.seq + batch.records.length)
    .where('parked_reason', 'is not', null)
    .orderBy('seq')
    .execute();
  return rows.map((row) => ({ seq: row.seq, reason: row.parked_reason ?? '' }));
}

/** In a commit of its own, after the refused batch was rolled back; the same fork told twice is one row. */
async function quarantine(
  context: PlatformContext,
  terminal: string,
  batch: BatchRequest,
  fork: { readonly seq: number; readonly hash: string; readonly knownHash: string },
): Promise<void> {
  await context.database
    .insertInto('quarantine')
    .values({
      terminal,
      incarnation: batch.incarnation,
      stream: STREAM,
      seq: fork.seq,
      hash: fork.hash,
      known_hash: fork.knownHash,
      received_ms: context.clock.wallMs(),
      batch: canonicalJson(batch),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function firstOf(batch: BatchRequest): Record {
  const first = batch.records[0];
  if (!first) throw new Error('a parsed batch holds at least one record');
  return first;
}

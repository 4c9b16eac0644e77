/** Reads what deciding about a group of batches needs, in a few statements, whatever the number of batches and records. */
import { CompiledQuery } from 'kysely';
import type { StreamEvent } from '../../contract/terminal-event.schema.ts';
import { findRows, isPostgres, type Key, type SetTable } from '../database/row-sets.ts';
import type { Commit, Tables } from '../database/tables.ts';
import { headOf } from './decide.ts';
import { emptyDraft, type Draft, type DraftTable } from './draft.ts';
import * as ingest from './ingest-tables.ts';
import { firstOf, type Arrival, type EventOf } from './ingest.types.ts';
import { isWritable } from './projection.ts';
import { readParkReasons, readStoredRecords, type SeqRange, type StreamName } from './stored-records.ts';

/** The turns of the terminals must have been taken: what is read here stands until the commit. */
export async function readKnown(commit: Commit, arrivals: readonly Arrival[]): Promise<Draft> {
  const draft = emptyDraft();
  await learn(commit, draft.heads, headKeys(arrivals));
  await readIncarnations(commit, draft, arrivals);
  for (const arrival of arrivals) await readPlaces(commit, draft, arrival);
  await readBusiness(commit, draft, arrivals);
  return draft;
}

async function learn<Name extends keyof Tables>(
  commit: Commit,
  table: DraftTable<Name>,
  keys: readonly Key[],
  by: SetTable<Name>['key'] = table.table.key,
): Promise<void> {
  if (keys.length > 0) table.learn(await findRows(commit, table.table, by, distinct(keys)));
}

function distinct(keys: readonly Key[]): readonly Key[] {
  return keys.length === 1 ? keys : [...new Map(keys.map((key) => [key.join('\u0000'), key])).values()];
}

function headKeys(arrivals: readonly Arrival[]): readonly Key[] {
  return arrivals.flatMap(({ terminal, stream, batch: { incarnation, predecessor } }) => [
    [terminal, incarnation, stream],
    ...(predecessor ? [[terminal, predecessor.incarnation, stream]] : []),
  ]);
}

/** Only at the beginning of a stream, where a database may be a new one, or when another one is named. */
async function readIncarnations(commit: Commit, draft: Draft, arrivals: readonly Arrival[]): Promise<void> {
  const asking = arrivals.filter((arrival) => headOf(draft, arrival).seq === 0 || arrival.batch.predecessor);
  const keys = asking.map(({ terminal }) => [terminal]);
  await learn(commit, draft.incarnations, keys, ['terminal_id']);
}

/** Places at or below the head that the batch names again, or that it says come before it. */
async function readPlaces(commit: Commit, draft: Draft, arrival: Arrival): Promise<void> {
  const { terminal, stream, batch } = arrival;
  if (stream === 'metrics') return;
  const head = headOf(draft, arrival);
  const first = firstOf(batch).seq;
  // the usual batch follows the head, and the head's own hash is known
  if (first <= head.seq) {
    const name = { terminal, stream, incarnation: batch.incarnation };
    await readPart(commit, draft, name, { from: first - 1, to: Math.min(head.seq, first + batch.records.length - 1) });
  }
  const { predecessor } = batch;
  if (!predecessor) return;
  const { seq } = predecessor.head;
  await readPart(commit, draft, { terminal, stream, incarnation: predecessor.incarnation }, { from: seq, to: seq });
}

async function readPart(commit: Commit, draft: Draft, name: StreamName, range: SeqRange): Promise<void> {
  const known = await readStoredRecords(commit, name, range);
  const [first] = known;
  if (!first) return;
  draft.places.add(
    name,
    first.seq,
    known.map(({ hash }) => hash),
  );
  for (const [seq, reason] of await readParkReasons(commit, name, range)) draft.places.park(name, seq, reason);
}

interface Keys {
  readonly payments: Key[];
  readonly tickets: Key[];
  readonly blocks: Key[];
  readonly prints: Key[];
  readonly acts: Key[];
  readonly forms: Key[];
  readonly cases: Key[];
  readonly casesOfTrades: Key[];
  readonly quotes: Key[];
  readonly graces: Key[];
}

async function readBusiness(commit: Commit, draft: Draft, arrivals: readonly Arrival[]): Promise<void> {
  const keys: Keys = {
    ...{ payments: [], tickets: [], blocks: [], prints: [], acts: [], forms: [] },
    ...{ cases: [], casesOfTrades: [], quotes: [], graces: [] },
  };
  const fresh = arrivals.flatMap((arrival) => newEvents(draft, arrival));
  for (const { terminal, event } of fresh) askFor(keys, terminal, event);
  await learn(commit, draft.payments, keys.payments);
  await learn(commit, draft.tickets, keys.tickets);
  await learn(commit, draft.blocks, keys.blocks);
  await learn(commit, draft.prints, keys.prints);
  await learn(commit, draft.acts, keys.acts);
  await learn(commit, draft.forms, keys.forms);
  await learn(commit, draft.cases, keys.cases);
  await learn(commit, draft.cases, keys.casesOfTrades, ['terminal_id', 'trade']);
  await learn(commit, draft.quotes, keys.quotes);
  await learn(commit, draft.graces, keys.graces);
  await readStays(commit, draft, keys.quotes);
  await readNumbers(commit, draft, fresh);
}

interface Fresh {
  readonly terminal: string;
  readonly event: StreamEvent;
}

function newEvents(draft: Draft, arrival: Arrival): readonly Fresh[] {
  const { seq } = headOf(draft, arrival);
  const { terminal, batch, stream, texts } = arrival;
  if (stream !== 'ledger') return [];
  return batch.records.flatMap((record, index) =>
    record.seq > seq && isWritable(texts[index] ?? '') ? [{ terminal, event: record.event }] : [],
  );
}

type Ask<Type extends StreamEvent['type']> = (keys: Keys, terminal: string, event: EventOf<Type>) => void;

/** What deciding about an event of that type looks at; about the others it looks at nothing. */
const ASKS: { readonly [Type in StreamEvent['type']]?: Ask<Type> } = {
  ChargeAsked: (keys, terminal, { trade }) => void keys.payments.push([terminal, trade]),
  ChargeSettled(keys, terminal, { trade, state, quote }) {
    keys.payments.push([terminal, trade]);
    keys.casesOfTrades.push([terminal, trade]);
    if (state !== 'paid') keys.graces.push([terminal, trade]);
    if (quote !== undefined) keys.quotes.push([quote]);
  },
  TicketIssued(keys, terminal, { operation, block }) {
    keys.tickets.push([terminal, operation]);
    keys.blocks.push([terminal, block]);
  },
  PrintSettled: (keys, terminal, { job }) => void keys.prints.push([terminal, job]),
  ActSettled: (keys, terminal, { job }) => void keys.acts.push([terminal, job]),
  FormSubmitted: (keys, terminal, { operation }) => void keys.forms.push([terminal, operation]),
  CaseOpened: (keys, terminal, { code }) => void keys.cases.push([terminal, code]),
  CaseClosed: (keys, terminal, { code }) => void keys.cases.push([terminal, code]),
};

function askFor<Event extends StreamEvent>(keys: Keys, terminal: string, event: Event): void {
  const ask = ASKS[event.type] as ((keys: Keys, terminal: string, event: Event) => void) | undefined;
  ask?.(keys, terminal, event);
}

/**
 * A stay may be paid at any terminal, at any node: its row is held until the commit, in the order of the stays, so that what
 * was paid for it stands still. SQLite has one writer and needs no more.
 */
async function readStays(commit: Commit, draft: Draft, quoteKeys: readonly Key[]): Promise<void> {
  const stays = new Set(quoteKeys.flatMap(([quote]) => draft.quotes.get(quote ?? '')?.stay ?? []));
  if (stays.size === 0) return;
  const sorted = [...stays].toSorted((a, b) => a - b);
  if (isPostgres(commit)) {
    const hold = 'SELECT stay FROM stays WHERE stay = ANY($1) ORDER BY stay FOR UPDATE';
    await commit.executeQuery(CompiledQuery.raw(hold, [sorted]));
  }
  const keys = sorted.map((stay) => [stay]);
  draft.graces.learn(await findRows(commit, ingest.GRACES, ['stay'], keys));
}

/** Whether a number was given out before, under any operation; the day is that of its block. */
async function readNumbers(commit: Commit, draft: Draft, fresh: readonly Fresh[]): Promise<void> {
  const keys = fresh.flatMap(({ terminal, event }) => {
    if (event.type !== 'TicketIssued' || event.number === '') return [];
    const block = draft.blocks.get(terminal, event.block);
    return block ? [[terminal, event.queue, block.day, event.number]] : [];
  });
  await learn(commit, draft.tickets, keys, ['terminal_id', 'queue', 'day', 'number']);
}

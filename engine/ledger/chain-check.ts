/** Walks the one chained table: every row over the row before it, every record over the one before it in its stream. */
import { pause, type Clock } from '../../contract/clock.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Stream } from '../../contract/terminal-event.schema.ts';
import { hashOfRow, readBases, seqIn, STREAMS, textsOf, type JournalRow } from './journal.ts';
import { chainHash } from './record-hash.ts';
import type { Store } from './store.ts';

/** Rows walked before others get their turn: about 3 ms. */
const CHUNK_ROWS = 300;

/** What stands after a row. */
interface Standing {
  readonly seq: number;
  readonly hash: string;
  /** `hash` undefined: the stream's last record lies before the rows walked, so its next one has to be believed. */
  readonly heads: Readonly<Record<Stream, { readonly seq: number; readonly hash: string | undefined }>>;
}

/** The last `limit` rows; `ledger.corrupt` names the first one that does not fit. */
export function checkTail(store: Store, limit: number): Result<undefined> {
  const rows = store.db.prepare('SELECT * FROM journal ORDER BY seq DESC LIMIT ?').all(limit) as JournalRow[];
  const [first, ...others] = rows.toReversed();
  if (!first) return ok(undefined);
  const before = standingBefore(store, first);
  if (!before) return damaged(first.seq);
  const walked = walk(before, [first, ...others]);
  return walked.ok ? ok(undefined) : walked;
}

/**
 * Every row there is, a few milliseconds at a time; for the nights. Stops with `ok` when `signal` aborts. 200,000 rows take
 * about a second of work.
 */
export async function checkWhole(store: Store, clock: Clock, signal?: AbortSignal): Promise<Result<undefined>> {
  const next = store.db.prepare(`SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ${CHUNK_ROWS}`);
  let standing = standingAtBase(store);
  for (;;) {
    const base = standingAtBase(store);
    // old rows may be forgotten meanwhile
    if (base.seq > standing.seq) standing = base;
    const rows = next.all(standing.seq) as JournalRow[];
    if (rows.length === 0) return ok(undefined);
    const walked = walk(standing, rows);
    if (!walked.ok) return walked;
    standing = walked.value;
    await pause(clock, 0, signal);
    if (signal?.aborted) return ok(undefined);
  }
}

function walk(from: Standing, rows: readonly JournalRow[]): Result<Standing> {
  let standing = from;
  for (const row of rows) {
    const next = follow(standing, row);
    if (!next) return damaged(row.seq);
    standing = next;
  }
  return ok(standing);
}

/** What stands after `row`; undefined when it does not fit. */
function follow(before: Standing, row: JournalRow): Standing | undefined {
  const hash = row.hash.toString('hex');
  const link = row.link === null ? null : row.link.toString('hex');
  if (row.seq !== before.seq + 1 || hashOfRow(before.hash, row, link) !== hash) return undefined;
  const heads = headsAfter(before, row, link);
  return heads && { seq: row.seq, hash, heads };
}

function headsAfter({ heads }: Standing, row: JournalRow, link: string | null): Standing['heads'] | undefined {
  const texts = readTexts(row);
  if (!texts || (row.stream === null) !== (texts.length === 0)) return undefined;
  for (const stream of STREAMS) {
    const added = stream === row.stream ? texts.length : 0;
    if (seqIn(row, stream) !== heads[stream].seq + added) return undefined;
  }
  if (row.stream === null || link === null) return heads;
  const known = heads[row.stream].hash;
  if (known !== undefined && texts.reduce((hashed, text) => chainHash(hashed, text), known) !== link) return undefined;
  return { ...heads, [row.stream]: { seq: seqIn(row, row.stream), hash: link } };
}

/** Undefined when they are not the canonical texts that were written. */
function readTexts(row: JournalRow): readonly string[] | undefined {
  try {
    const texts = textsOf(row);
    return texts.length === 0 || `[${texts.join(',')}]` === row.events ? texts : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function standingAtBase(store: Store): Standing {
  const { journal, ...heads } = readBases(store);
  return { ...journal, heads };
}

function standingBefore(store: Store, row: JournalRow): Standing | undefined {
  const base = standingAtBase(store);
  if (row.seq === base.seq + 1) return base;
  const before = store.db.prepare('SELECT * FROM journal WHERE seq = ?').get(row.seq - 1) as JournalRow | undefined;
  if (!before) return undefined;
  const headOf = (stream: Stream) => {
    const seq = seqIn(before, stream);
    return { seq, hash: seq === base.heads[stream].seq ? base.heads[stream].hash : undefined };
  };
  const heads = { ledger: headOf('ledger'), audit: headOf('audit'), metrics: headOf('metrics') };
  return { seq: before.seq, hash: before.hash.toString('hex'), heads };
}

function damaged(seq: number): Result<never> {
  return fail('ledger.corrupt', `journal row ${seq}`);
}

/**
 * The one chained table. A row is a step of a transaction, or no step, together with the records it causes, so that a
 * commit writes one page. Two chains are told from it: `hash` over all rows, and per stream `link`, the hash after the
 * row's last record, by the rule the platform checks (`recordHash`). Rows are numbered without a gap and each one holds
 * how far every stream stands after it: a record is found by halving, with no index that a commit would have to write.
 */
import type { Statement } from 'better-sqlite3';
import type { Clock } from '../../contract/clock.ts';
import type { Stamp, Stream, StreamEvent } from '../../contract/terminal-event.schema.ts';
import type { JournalEntry } from './journal.schema.ts';
import { later, laterValue } from './later.ts';
import { canonicalJson, chainHash, ZERO_HASH } from './record-hash.ts';
import type { Store } from './store.ts';

export const STREAMS: readonly Stream[] = ['ledger', 'audit', 'metrics'];

export interface JournalRow {
  readonly seq: number;
  /** Empty, with an empty `body` and the step `record`, for a row that is no step of a transaction. */
  readonly txn: string;
  readonly step: string;
  readonly at: number;
  readonly boot: string;
  readonly mono_ms: number;
  readonly body: string;
  /** Of `events`; null without any. */
  readonly stream: Stream | null;
  readonly ledger_seq: number;
  readonly audit_seq: number;
  readonly metrics_seq: number;
  /** JSON array of the canonical texts. */
  readonly events: string | null;
  readonly link: Buffer | null;
  readonly hash: Buffer;
}

/** What is put into a row. */
export interface NewRow {
  /** The step and whose it is; absent for records of their own. */
  readonly step?: { readonly txn: string; readonly entry: JournalEntry };
  readonly stream: Stream;
  readonly events: readonly StreamEvent[];
}

/** Where a chain stands: its last number and the hash there. */
export interface ChainHead {
  readonly seq: number;
  /** Lower-case hex. */
  readonly hash: string;
}

export interface Journal {
  /** Within a commit: adds the row and returns its seq. */
  add(row: NewRow): number;
  /** The seq the next row will have. */
  nextSeq(): number;
  /** How far a stream is written. */
  head(stream: Stream): ChainHead;
  /** What lies before the first row that is kept. */
  base(stream: Stream): ChainHead;
  /** Hash after record `seq` of a stream; undefined when it was never written, or is kept no longer. */
  hashAt(stream: Stream, seq: number): string | undefined;
  /** The row that holds record `seq` of a stream, which must be among those kept. */
  find(stream: Stream, seq: number): number;
  /** After rows were taken away: what is remembered is read again. */
  reload(): void;
}

/** A row that must be there is not, or cannot be read. Found while opening it means `ledger.corrupt`. */
export class ChainDamage extends Error {}

/** What the ledger knows of the platform's time; undefined until the platform was heard (A09). */
export type TimeOf = () => Pick<Stamp, 'offsetMs' | 'errorMs'> | undefined;

interface Tail {
  readonly seq: number;
  readonly hash: string;
  readonly heads: Readonly<Record<Stream, ChainHead>>;
}

export function createJournal(store: Store, clock: Clock, boot: string, timeOf: TimeOf = () => undefined): Journal {
  return new ChainedJournal(store, clock, boot, timeOf);
}

class ChainedJournal implements Journal {
  readonly #store: Store;
  readonly #sql: ReturnType<typeof prepare>;
  readonly #clock: Clock;
  readonly #boot: string;
  readonly #timeOf: TimeOf;
  #bases: Bases;
  #tail: Tail;
  /** Row of the last record found, from which the next search begins. */
  readonly #lastFound: Record<Stream, number> = { ledger: 0, audit: 0, metrics: 0 };

  constructor(store: Store, clock: Clock, boot: string, timeOf: TimeOf) {
    this.#store = store;
    this.#sql = prepare(store);
    this.#clock = clock;
    this.#boot = boot;
    this.#timeOf = timeOf;
    this.#bases = readBases(store);
    this.#tail = this.#readTail();
    store.onRollback(() => this.reload());
  }

  nextSeq(): number {
    return this.#tail.seq + 1;
  }

  head(stream: Stream): ChainHead {
    return this.#tail.heads[stream];
  }

  base(stream: Stream): ChainHead {
    return this.#bases[stream];
  }

  reload(): void {
    this.#bases = readBases(this.#store);
    this.#tail = this.#readTail();
  }

  find(stream: Stream, seq: number): number {
    const known = this.#lastFound[stream];
    const { seq: base } = this.#bases.journal;
    const isBefore = known > base && (this.#seqAfter(stream, known) ?? seq) < seq;
    const row = this.#search(stream, seq, isBefore ? known : base, this.#tail.seq);
    this.#lastFound[stream] = row - 1;
    return row;
  }

  hashAt(stream: Stream, seq: number): string | undefined {
    const base = this.#bases[stream];
    const head = this.head(stream);
    if (seq < base.seq || seq > head.seq) return undefined;
    if (seq === base.seq) return base.hash;
    if (seq === head.seq) return head.hash;
    const row = this.#rowAt(this.find(stream, seq));
    if (seq === seqIn(row, stream)) return linkOf(row);
    const texts = textsOf(row);
    const first = seqIn(row, stream) - texts.length + 1;
    let hash = this.hashAt(stream, first - 1);
    for (const text of texts.slice(0, seq - first + 1)) hash = hash && chainHash(hash, text);
    return hash;
  }

  add({ step, stream, events }: NewRow): number {
    const monoMs = Math.round(this.#clock.now());
    const stamp: Stamp = { boot: this.#boot, monoMs, ...this.#timeOf() };
    // told again under another incarnation, a record keeps the time at which it came about
    const texts = events.map((event) => canonicalJson({ stamp, ...event }));
    const head = this.head(stream);
    const hash = texts.reduce((before, text) => chainHash(before, text), head.hash);
    const isTold = texts.length > 0;
    const heads = isTold ? moved(this.#tail.heads, stream, { seq: head.seq + texts.length, hash }) : this.#tail.heads;
    const link = isTold ? hash : null;
    const row = {
      seq: this.#tail.seq + 1,
      txn: step?.txn ?? '',
      step: step?.entry.step ?? 'record',
      at: Math.round(this.#clock.wallMs()),
      boot: this.#boot,
      mono_ms: monoMs,
      body: step ? JSON.stringify(step.entry) : '',
      stream: isTold ? stream : null,
      ledger_seq: heads.ledger.seq,
      audit_seq: heads.audit.seq,
      metrics_seq: heads.metrics.seq,
    };
    const rowHash = hashOfRow(this.#tail.hash, row, link);
    insertRow(this.#sql.insert, row, isTold ? `[${texts.join(',')}]` : null, link, rowHash);
    for (const [index, event] of events.entries()) {
      if (event.type === 'FormSubmitted') this.#placeBeside(event, head.seq + 1 + index);
    }
    this.#tail = { seq: row.seq, hash: rowHash, heads };
    return row.seq;
  }

  /** What is kept beside the chain learns which record it belongs to. */
  #placeBeside({ personal, attachments = [] }: Extract<StreamEvent, { type: 'FormSubmitted' }>, seq: number): void {
    this.#sql.placeSealed.run(seq, personal);
    for (const { id } of attachments) this.#sql.placeAttachment.run(seq, id);
  }

  #readTail(): Tail {
    const last = this.#sql.last.get() as JournalRow | undefined;
    const bases = this.#bases;
    const end = last ? { seq: last.seq, hash: last.hash.toString('hex') } : bases.journal;
    const headOf = (stream: Stream): ChainHead => {
      const seq = last ? seqIn(last, stream) : bases[stream].seq;
      if (seq === bases[stream].seq) return bases[stream];
      return { seq, hash: linkOf(this.#rowAt(this.#search(stream, seq, bases.journal.seq, end.seq))) };
    };
    return { ...end, heads: { ledger: headOf('ledger'), audit: headOf('audit'), metrics: headOf('metrics') } };
  }

  #seqAfter(stream: Stream, row: number): number | undefined {
    return this.#sql.seqAt[stream].get(row) as number | undefined;
  }

  #rowAt(seq: number): JournalRow {
    const row = this.#sql.row.get(seq) as JournalRow | undefined;
    if (!row) throw new ChainDamage(`journal row ${seq} is missing`);
    return row;
  }

  /** The first row up to `end` after which the stream has reached `seq`; row `after` has not. */
  #search(stream: Stream, seq: number, after: number, end: number): number {
    const reaches = (row: number): boolean => row >= end || (this.#seqAfter(stream, row) ?? 0) >= seq;
    let low = after;
    let gap = 1;
    while (!reaches(low + gap)) {
      low += gap;
      gap *= 2;
    }
    let high = Math.min(low + gap, end);
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (reaches(middle)) high = middle;
      else low = middle;
    }
    return high;
  }
}

function moved(heads: Tail['heads'], stream: Stream, head: ChainHead): Tail['heads'] {
  return { ...heads, [stream]: head };
}

/** Hex becomes bytes in SQLite, which costs less than a buffer for each. */
function insertRow(
  insert: Statement,
  row: Omit<JournalRow, 'hash' | 'link' | 'events'>,
  events: string | null,
  link: string | null,
  hash: string,
): void {
  const { seq, txn, step, at, boot, mono_ms, body, stream, ledger_seq, audit_seq, metrics_seq } = row;
  insert.run(seq, txn, step, at, boot, mono_ms, body, stream, ledger_seq, audit_seq, metrics_seq, events, link, hash);
}

function prepare({ db }: Store) {
  const seqAt = (stream: Stream) => laterValue(db, `SELECT ${stream}_seq FROM journal WHERE seq = ?`);
  return {
    insert: db.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, unhex(?), unhex(?))'),
    last: later(db, 'SELECT * FROM journal ORDER BY seq DESC LIMIT 1'),
    row: later(db, 'SELECT * FROM journal WHERE seq = ?'),
    placeSealed: later(db, 'UPDATE sealed_part SET seq = ? WHERE commitment = ?'),
    placeAttachment: later(db, 'UPDATE attachment SET seq = ? WHERE id = ?'),
    seqAt: { ledger: seqAt('ledger'), audit: seqAt('audit'), metrics: seqAt('metrics') },
  };
}

export type Bases = Readonly<Record<Stream | 'journal', ChainHead>>;

/** What lies before the first row that is kept, of the table and of each stream. */
export function readBases({ db }: Store): Bases {
  const meta = db.prepare('SELECT base_seq, base_hash FROM meta').get() as BaseRow | undefined;
  const streams = db.prepare('SELECT name, base_seq, base_hash FROM stream').all() as (BaseRow & { name: Stream })[];
  const read = (row: BaseRow | undefined): ChainHead => ({
    seq: row?.base_seq ?? 0,
    hash: row?.base_hash.toString('hex') ?? ZERO_HASH,
  });
  const ofStream = (stream: Stream) => read(streams.find(({ name }) => name === stream));
  return { journal: read(meta), ledger: ofStream('ledger'), audit: ofStream('audit'), metrics: ofStream('metrics') };
}

interface BaseRow {
  readonly base_seq: number;
  readonly base_hash: Buffer;
}

/** How far a stream stands after the row. */
export function seqIn(row: JournalRow, stream: Stream): number {
  return row[`${stream}_seq`];
}

/** The canonical texts of the row's records. */
export function textsOf({ events }: Pick<JournalRow, 'events'>): readonly string[] {
  return events === null ? [] : (JSON.parse(events) as unknown[]).map(canonicalJson);
}

export function linkOf({ link, seq }: Pick<JournalRow, 'link' | 'seq'>): string {
  if (!link) throw new ChainDamage(`journal row ${seq} has no record`);
  return link.toString('hex');
}

/** Over everything in the row; the records stand in it by their link. */
export function hashOfRow(prevHash: string, row: Omit<JournalRow, 'hash' | 'link' | 'events'>, link: string | null) {
  const { seq, txn, step, at, boot, mono_ms, body, stream, ledger_seq, audit_seq, metrics_seq } = row;
  const text = JSON.stringify([
    seq,
    txn,
    step,
    at,
    boot,
    mono_ms,
    body,
    stream,
    ledger_seq,
    audit_seq,
    metrics_seq,
    link,
  ]);
  return chainHash(prevHash, text);
}

/**
 * The one SQLite file: what was intended, what came of it, what the platform must still hear. One process opens it, one
 * thread writes. Every `append` is one durable commit of one journal row, in which the records stand that it causes and
 * from which the transaction follows.
 */
import { SqliteError } from 'better-sqlite3';
import type { Chance, Clock } from '../../contract/clock.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Head } from '../../contract/platform-api.schema.ts';
import type { Stream, StreamEvent, TerminalEvent } from '../../contract/terminal-event.schema.ts';
import { createAttachments, type AttachmentStore } from './attachments.ts';
import { openBlackBox, type BlackBox } from './black-box.ts';
import { checkTail } from './chain-check.ts';
import { createDocuments, type Documents } from './documents.ts';
import { createGroupCommit } from './group-commit.ts';
import { hexOf, identify, type Identity } from './identity.ts';
import { ChainDamage, createJournal, type Journal, type TimeOf } from './journal.ts';
import type { EntryOf, JournalEntry, Txn } from './journal.schema.ts';
import { noProbe, type Probe } from './kill-points.ts';
import { createNumbers, type Numbers } from './numbers.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { prune } from './retention.ts';
import type { BlackBoxStep } from './safety/black-box.schema.ts';
import { checkDerived } from './safety/check-derived.ts';
import { createLedgerSafety, markRun, type LedgerSafety } from './safety/ledger-safety.ts';
import { createPublicationStore, type PublicationStore } from './publications.ts';
import { createSealedParts, type SealedParts } from './sealed-parts.ts';
import { openStore, PAGE_BYTES, syncNames, verifySettings, type Store, type StoreOptions } from './store.ts';
import { createTickets, type Tickets } from './tickets.ts';
import { createTxnTable, type TxnTable } from './txn-table.ts';
import { applyEntry, isOpen } from './txn.fold.ts';

export interface LedgerOptions extends StoreOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  /** Names this run in the journal; drawn when absent. */
  readonly bootId?: string;
  /** What is known of the platform's time, for the stamp on every record. */
  readonly timeOf?: TimeOf;
  readonly probe?: Probe;
  /** File of the second money record, on another partition. */
  readonly blackBoxPath?: string;
  /** Whether attachments may still be added; they may when it is not told. */
  readonly hasRoomForMedia?: () => boolean;
  /** Of all attachments that lie here; 4 GB unless told. */
  readonly maxAttachmentBytes?: number;
}

export interface Ledger extends Omit<Numbers, 'persist'>, LedgerSafety {
  /** Identity of this database; another one whenever the file was made anew. */
  readonly incarnation: string;
  /** Names this run. */
  readonly boot: string;
  readonly outbox: Outbox;
  readonly tickets: Tickets;
  readonly documents: Documents;
  readonly publications: PublicationStore;
  readonly attachments: AttachmentStore;
  /** The database this one continues and how far the stream goes back to it; undefined when it continues none. */
  predecessor(stream?: Stream): { readonly incarnation: string; readonly head: Head } | undefined;
  /**
   * One commit: journal row, transaction, records. Durable when it returns ok. `ledger.full`, `ledger.unsafe`
   * and `ledger.corrupt` mean: nothing was written. Throws when the entry cannot follow: a bug.
   */
  append(txn: string, entry: JournalEntry, events: readonly TerminalEvent[]): Result<Txn>;
  /** The same for who can wait a turn: all that waits shares one commit. Rejects when the entry cannot follow. */
  appendSoon(txn: string, entry: JournalEntry, events: readonly TerminalEvent[]): Promise<Result<Txn>>;
  /**
   * What a resident handed in, with its personal part, which was sealed beforehand (`engine/trust/sealing.ts`): one commit,
   * or nothing is kept of either.
   */
  submit(
    txn: string,
    entry: EntryOf<'form.submitted'>,
    event: Extract<TerminalEvent, { type: 'FormSubmitted' }>,
    sealed: string,
  ): Result<Txn>;
  /**
   * Records that belong to no transaction, such as a rating. Of `metrics` only so many wait for the platform: while
   * `METRICS_WAITING` do, further ones are dropped, which is no problem to anybody.
   */
  record(events: readonly StreamEvent[], stream?: Stream): Result<undefined>;
  /** The transaction as it stands; `created` when nothing is written of it. */
  txn(id: string): Txn;
  /** Those of which the outside world must still be asked or told something, oldest first. */
  openTxns(): readonly Txn[];
  /** Those handed to staff and not closed, oldest first. */
  cases(): readonly Txn[];
  /** Deletes one chunk of rows, sealed parts and attachments past their time; returns how many. For the quiet hours. */
  prune(): Result<number>;
  /** The latest print that was begun, among the latest rows: what may still lie in the printer's mouth. */
  lastPrint(): string | undefined;
  /** Size of the database file without its log. */
  bytes(): number;
  close(): void;
}

/** Unsent metrics that are kept; a bound on what a long outage may pile up. */
export const METRICS_WAITING = 2_000;
/** Rows that are walked at every start. */
const CHECKED_ROWS = 1_000;

/**
 * Opens or creates the ledger. Refuses with `ledger.newerSchema`, `ledger.corrupt` (pages or hash chain), `ledger.full`
 * or `ledger.unsafe` (settings read back after the first write, second opener, black box not writable).
 */
export function openLedger(options: LedgerOptions): Result<Ledger> {
  const store = openStore(options);
  if (!store.ok) return store;
  try {
    const ledger = assemble(store.value, options);
    if (!ledger.ok) store.value.close();
    return ledger;
  } catch (error) {
    store.value.close();
    // tables that are not there, pages that cannot be read: the file is not what it was
    if (error instanceof SqliteError) return fail('ledger.corrupt', error.code);
    throw error;
  }
}

function assemble(store: Store, options: LedgerOptions): Result<Ledger> {
  const { clock, chance, timeOf } = options;
  const whole = checkTail(store, CHECKED_ROWS);
  if (!whole.ok) return whole;
  const derived = checkDerived(store, CHECKED_ROWS);
  if (!derived.ok) return derived;
  const boot = options.bootId ?? hexOf(chance, 4);
  const identity = identify(store, chance, boot);
  if (!identity.ok) return identity;
  const safe = verifySafe(store, options.path);
  if (!safe.ok) return safe;
  const journal = readJournal(() => createJournal(store, clock, boot, timeOf));
  if (!journal.ok) return journal;
  const txns = createTxnTable(store);
  if (!txns.ok) return txns;
  const blackBox = options.blackBoxPath === undefined ? ok(undefined) : openBlackBox(options.blackBoxPath);
  if (!blackBox.ok) return blackBox;
  const parts = { boot, identity: identity.value, journal: journal.value, txns: txns.value, blackBox: blackBox.value };
  const marked = markRun({ clock, ...parts }, 'opened');
  if (marked.ok) return ok(createLedger(store, options, parts));
  parts.blackBox?.close();
  return marked;
}

/** Asked after the first write: see both. */
function verifySafe({ db }: Store, path: string): Result<undefined> {
  const settings = verifySettings(db);
  return settings.ok ? syncNames(path) : settings;
}

/** Damage below the rows that were walked. */
function readJournal(open: () => Journal): Result<Journal> {
  try {
    return ok(open());
  } catch (error) {
    if (error instanceof ChainDamage) return fail('ledger.corrupt', error.message);
    throw error;
  }
}

interface Parts {
  readonly boot: string;
  readonly identity: Identity;
  readonly journal: Journal;
  readonly txns: TxnTable;
  readonly blackBox: BlackBox | undefined;
}

/** One entry that is to be written; `within` runs in its commit. */
interface Entry {
  readonly txn: string;
  readonly entry: JournalEntry;
  readonly events: readonly TerminalEvent[];
  readonly within?: (() => void) | undefined;
}

interface Folded extends Entry {
  /** Its transaction afterwards; `since` is 0 when the entry is the first of it. */
  readonly next: Txn;
}

function createLedger(store: Store, options: LedgerOptions, parts: Parts): Ledger {
  const { clock } = options;
  const { identity, journal, txns, blackBox, boot } = parts;
  const numbers = createNumbers(store, identity.incarnation);
  const sealedParts = createSealedParts(store, clock, journal);
  const outbox = createOutbox(store, journal, sealedParts);
  const attachments = createAttachments(store, options);
  const write = createWriter(store, options, parts, numbers);
  const addToGroup = createGroupCommit<Entry, Folded | undefined, Txn>(clock, {
    keyOf: ({ txn }) => txn,
    prepare: (entry) => (store.db.open ? fold(txns, entry) : undefined),
    write: (all) => (all.every((one) => one !== undefined) ? write(all) : fail('ledger.unsafe', 'the file was closed')),
  });
  const append = (txn: string, entry: JournalEntry, events: readonly TerminalEvent[], within?: () => void) => {
    const written = write([fold(txns, { txn, entry, events, within })]);
    return written.ok ? ok(written.value[0] ?? txns.get(txn)) : written;
  };

  return {
    ...createLedgerSafety({ store, clock, chance: options.chance, outbox, ...parts }),
    incarnation: identity.incarnation,
    boot,
    outbox,
    tickets: createTickets(store, clock, append),
    documents: createDocuments(store),
    publications: createPublicationStore(store),
    attachments,
    newTrade: numbers.newTrade,
    newJob: numbers.newJob,
    newOperation: numbers.newOperation,
    predecessor(stream = 'ledger') {
      const { predecessor } = identity;
      return predecessor && { incarnation: predecessor.incarnation, head: predecessor.heads[stream] };
    },
    append: (txn, entry, events) => append(txn, entry, events),
    appendSoon: (txn, entry, events) => addToGroup({ txn, entry, events }),
    record(events, stream = 'ledger') {
      if (events.length === 0) return ok(undefined);
      if (stream === 'metrics' && outbox.unacknowledged(stream) >= METRICS_WAITING) return ok(undefined);
      return store.commit(() => void journal.add({ stream, events }));
    },
    txn: txns.get,
    openTxns: () => txns.live().filter(isOpen),
    cases: () => txns.live().filter((txn) => txn.case !== undefined),
    submit(txn, entry, event, sealed) {
      const within = () => sealedParts.put(entry.personal, sealed);
      return append(txn, entry, [event], within);
    },
    prune: () => pruneAll(() => prune(store, clock, txns, journal), sealedParts, attachments),
    lastPrint: () => lastPrintOf(store, journal) ?? printBefore(identity),
    bytes: () => (store.db.pragma('page_count', { simple: true }) as number) * PAGE_BYTES,
    close() {
      // were it refused, the next start would fold the same rows
      if (store.db.open) {
        const saved = store.commit(txns.save);
        // without the mark the next start looks more closely, and finds the same
        if (saved.ok) void markRun({ clock, ...parts }, 'closed');
      }
      blackBox?.close();
      store.close();
    },
  };
}

/** Throws when the entry cannot follow: a bug. */
function fold(txns: TxnTable, entry: Entry): Folded {
  return { ...entry, next: applyEntry(txns.get(entry.txn), entry.entry) };
}

/** Writes entries, each of another transaction, in one commit. */
function createWriter(
  store: Store,
  { clock, probe = noProbe }: LedgerOptions,
  { journal, txns, blackBox, boot, identity }: Parts,
  numbers: Numbers,
): (entries: readonly Folded[]) => Result<readonly Txn[]> {
  /** The second record, before the commit: it may hold a step the database does not, never the other way round. */
  function note(entries: readonly Entry[], nexts: readonly Txn[]): Result<undefined> {
    if (!blackBox) return ok(undefined);
    const at = Math.round(clock.wallMs());
    const steps = entries.flatMap(({ txn, entry, events }, index): BlackBoxStep[] => {
      const row = journal.nextSeq() + index;
      const { incarnation } = identity;
      return isAboutMoney(nexts[index]) ? [{ at, boot, incarnation, row, txn, entry, events: [...events] }] : [];
    });
    return steps.length === 0 ? ok(undefined) : blackBox.write(...steps);
  }

  return (entries) => {
    const first = journal.nextSeq();
    const nexts = entries.map(({ next }, index) => (next.since === 0 ? { ...next, since: first + index } : next));
    probe('ledger.append.before');
    const noted = note(entries, nexts);
    // A result is kept in whatever still works; only a new charge may be refused for want of its second record.
    if (!noted.ok && entries.some(({ entry }) => entry.step === 'charge.intent')) return noted;
    const written = store.commit(() => {
      for (const [index, { txn, entry, events, within }] of entries.entries()) {
        within?.();
        const seq = journal.add({ step: { txn, entry }, stream: 'ledger', events });
        probe('ledger.append.inside');
        txns.put(nexts[index] as Txn, seq);
      }
      numbers.persist();
      return nexts;
    });
    probe('ledger.append.after');
    return written;
  };
}

/** A step of a delivery, too: without it a restored ledger would give back money for what came out. */
function isAboutMoney(next: Txn | undefined): boolean {
  return next?.charge !== undefined;
}

/** One after the other, as long as they go well. */
function pruneAll(
  rows: () => Result<number>,
  sealedParts: Pick<SealedParts, 'erase'>,
  attachments: Pick<AttachmentStore, 'clear'>,
): Result<number> {
  let sum = 0;
  for (const count of [rows, () => sealedParts.erase(), () => attachments.clear()]) {
    const one = count();
    if (!one.ok) return one;
    sum += one.value;
  }
  return ok(sum);
}

function lastPrintOf({ db }: Store, journal: Journal): string | undefined {
  const latest = db.prepare(
    "SELECT body FROM journal WHERE seq > ? AND step = 'deliver.intent' ORDER BY seq DESC LIMIT 1",
  );
  const body = latest.pluck().get(journal.nextSeq() - CHECKED_ROWS) as string | undefined;
  return body === undefined ? undefined : (JSON.parse(body) as { readonly job: string }).job;
}

/** What a database that this one continues has printed nobody knows here. */
function printBefore({ predecessor }: Identity): string | undefined {
  return predecessor && `before ${predecessor.incarnation}`;
}

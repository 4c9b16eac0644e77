/**
 * The one SQLite file: what was intended, what came of it, what the platform must still hear. One process opens it, one
 * thread writes. Every `append` is one durable commit of journal row and outbox records, from which the
 * transaction follows.
 */
import type { Chance, Clock } from '../../contract/clock.ts';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import { openBlackBox, type BlackBox } from './black-box.ts';
import { createDocuments, type Documents } from './documents.ts';
import { checkJournal, createJournal } from './journal.ts';
import type { JournalEntry, Txn } from './journal.schema.ts';
import { noProbe, type Probe } from './kill-points.ts';
import { createNumbers, type Numbers } from './numbers.ts';
import { checkOutbox, createOutbox, type Outbox } from './outbox.ts';
import { prune } from './retention.ts';
import { openStore, verifySettings, type Store, type StoreOptions } from './store.ts';
import { createTickets, type Tickets } from './tickets.ts';
import { createTxnTable, type TxnTable } from './txn-table.ts';
import { applyRow, isOpen } from './txn.fold.ts';

export interface LedgerOptions extends StoreOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  /** Names this run in the journal; drawn when absent. */
  readonly bootId?: string;
  readonly probe?: Probe;
  /** File of the second money record, on another partition. */
  readonly blackBoxPath?: string;
}

export interface Ledger extends Omit<Numbers, 'persist'> {
  /** Identity of this database; another one whenever the file was made anew. */
  readonly incarnation: string;
  readonly outbox: Outbox;
  readonly tickets: Tickets;
  readonly documents: Documents;
  /**
   * One commit: journal row, transaction, outbox records. Durable when it returns ok. `ledger.full`, `ledger.unsafe`
   * and `ledger.corrupt` mean: nothing was written. Throws when the entry cannot follow: a bug.
   */
  append(txn: string, entry: JournalEntry, events: readonly TerminalEvent[]): Result<Txn>;
  /** Records that belong to no transaction, such as a rating. */
  record(events: readonly TerminalEvent[]): Result<undefined>;
  /** The transaction as it stands; `created` when nothing is written of it. */
  txn(id: string): Txn;
  /** Those of which the outside world must still be asked or told something, oldest first. */
  openTxns(): readonly Txn[];
  /** Those handed to staff and not closed, oldest first. */
  cases(): readonly Txn[];
  /** Deletes one chunk of rows past their time; returns how many. For the quiet hours. */
  prune(): Result<number>;
  close(): void;
}

/** Rows of each chain that are walked at every start. */
const CHECKED_ROWS = 1_000;
const MONEY_STEPS = /^(charge\.|reverse\.|flag)/;

/**
 * Opens or creates the ledger. Refuses with `ledger.newerSchema`, `ledger.corrupt` (pages or hash chain), `ledger.full`
 * or `ledger.unsafe` (settings read back after the first write, second opener, black box not writable).
 */
export function openLedger(options: LedgerOptions): Result<Ledger> {
  const store = openStore(options);
  if (!store.ok) return store;
  const ledger = assemble(store.value, options);
  if (!ledger.ok) store.value.close();
  return ledger;
}

function assemble(store: Store, options: LedgerOptions): Result<Ledger> {
  const { chance } = options;
  const chains = firstProblem(checkJournal(store, CHECKED_ROWS), checkOutbox(store, CHECKED_ROWS));
  if (!chains.ok) return chains;
  const incarnation = identify(store, chance);
  if (!incarnation.ok) return incarnation;
  const safe = verifySettings(store.db);
  if (!safe.ok) return safe;
  const txns = createTxnTable(store);
  if (!txns.ok) return txns;
  const blackBox = options.blackBoxPath === undefined ? ok(undefined) : openBlackBox(options.blackBoxPath);
  if (!blackBox.ok) return blackBox;

  const boot = options.bootId ?? hexOf(chance, 4);
  return ok(
    createLedger(store, options, { incarnation: incarnation.value, boot, txns: txns.value, blackBox: blackBox.value }),
  );
}

interface Parts {
  readonly incarnation: string;
  readonly boot: string;
  readonly txns: TxnTable;
  readonly blackBox: BlackBox | undefined;
}

function createLedger(store: Store, options: LedgerOptions, parts: Parts): Ledger {
  const { clock, probe = noProbe } = options;
  const { txns, blackBox, boot } = parts;
  const numbers = createNumbers(store, parts.incarnation);
  const journal = createJournal(store, clock, boot);
  const outbox = createOutbox(store, clock);

  function append(id: string, entry: JournalEntry, events: readonly TerminalEvent[], within?: () => void): Result<Txn> {
    const next = applyRow(txns.get(id), entry, journal.nextSeq());
    probe('ledger.append.before');
    const noted = note(id, entry);
    // A result is kept in whatever still works; only a new charge may be refused for want of its second record.
    if (!noted.ok && entry.step === 'charge.intent') return noted;
    const written = store.commit(() => {
      const seq = journal.add(id, entry);
      probe('ledger.append.inside');
      txns.put(next, seq);
      outbox.add(events);
      numbers.persist();
      within?.();
      return next;
    });
    probe('ledger.append.after');
    return written;
  }

  /** The second record, before the commit: it may hold a step the database does not, never the other way round. */
  function note(txn: string, entry: JournalEntry): Result<undefined> {
    if (!blackBox || !MONEY_STEPS.test(entry.step)) return ok(undefined);
    return blackBox.write({ at: Math.round(clock.wallMs()), boot, txn, ...entry });
  }

  return {
    incarnation: parts.incarnation,
    outbox,
    tickets: createTickets(store, clock, append),
    documents: createDocuments(store),
    newTrade: numbers.newTrade,
    newJob: numbers.newJob,
    newOperation: numbers.newOperation,
    append: (id, entry, events) => append(id, entry, events),
    record: (events) =>
      store.commit(() => {
        outbox.add(events);
        return undefined;
      }),
    txn: txns.get,
    openTxns: () => txns.live().filter(isOpen),
    cases: () => txns.live().filter((txn) => txn.case !== undefined),
    prune: () => prune(store, clock, txns, journal.nextSeq()),
    close() {
      // were it refused, the next start would fold the same rows
      if (store.db.open) void store.commit(txns.save);
      blackBox?.close();
      store.close();
    },
  };
}

/** Reads who this database is, or names it; either way the first write of this run. */
function identify(store: Store, chance: Chance): Result<string> {
  const named = store.db.prepare('SELECT incarnation FROM meta').get() as { incarnation: string } | undefined;
  const incarnation = named?.incarnation ?? hexOf(chance, 16);
  const insert = store.db.prepare('INSERT INTO meta (id, incarnation) VALUES (1, ?)');
  const countOpening = store.db.prepare('UPDATE meta SET opened = opened + 1');
  const written = store.commit(() => {
    if (!named) insert.run(incarnation);
    countOpening.run();
  });
  return written.ok ? ok(incarnation) : written;
}

function hexOf(chance: Chance, bytes: number): string {
  return Buffer.from(chance.bytes(bytes)).toString('hex');
}

function firstProblem(...results: readonly Result<undefined>[]): Result<undefined> {
  return results.find((result) => !result.ok) ?? ok(undefined);
}

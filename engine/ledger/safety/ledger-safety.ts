/** What keeps a ledger from being lost: its place beside the black box, copies, a new name, and the check of all of it. */
import { SqliteError } from 'better-sqlite3';
import type { Chance, Clock } from '../../../contract/clock.ts';
import { fail, ok, type Result } from '../../../contract/outcome.schema.ts';
import type { BlackBox } from '../black-box.ts';
import { checkWhole } from '../chain-check.ts';
import type { Identity } from '../identity.ts';
import type { Journal } from '../journal.ts';
import { beginIncarnation } from '../new-incarnation.ts';
import type { Outbox } from '../outbox.ts';
import type { Store } from '../store.ts';
import type { TxnTable } from '../txn-table.ts';
import { copyDatabase } from './backup-store.ts';
import type { BlackBoxMark } from './black-box.schema.ts';
import { checkDerived } from './check-derived.ts';
import type { LedgerPosition } from './compare-black-box.ts';

export interface LedgerSafety {
  /** Where it stands, to be compared with the black box. */
  position(): LedgerPosition;
  /** Copies what is committed into a new file, page by page between other work. */
  copyTo(path: string): Promise<Result<undefined>>;
  /**
   * Goes on under a new name that continues this database, or the one named: every record that is not acknowledged is told
   * again under it. The ledger must be closed and opened again after it.
   */
  beginIncarnation(continued?: string): Result<undefined>;
  /** Begins a new file of the black box once it is larger; only after a checked backup. */
  rotateBlackBox(largerThanBytes: number): Result<undefined>;
  /** Walks every page and every row, a few milliseconds at a time; `ledger.corrupt` names the first that does not fit. */
  checkWholeChain(signal?: AbortSignal): Promise<Result<undefined>>;
}

export interface SafetyParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly boot: string;
  readonly identity: Identity;
  readonly journal: Journal;
  readonly txns: TxnTable;
  readonly outbox: Outbox;
  readonly blackBox: BlackBox | undefined;
}

/** How many of the latest money steps, among how many rows, must stand in the black box. */
const COMPARED = { steps: 20, rows: 1_000 } as const;

export function createLedgerSafety(parts: SafetyParts): LedgerSafety {
  const { store, clock, blackBox } = parts;
  return {
    position: () => positionOf(parts),
    copyTo: (path) => copyDatabase(store.db, path),
    beginIncarnation: (continued) => beginIncarnation(parts, continued),
    rotateBlackBox(largerThanBytes) {
      if (!blackBox || blackBox.size() <= largerThanBytes) return ok(undefined);
      const rotated = blackBox.rotate();
      return rotated.ok ? markRun(parts, 'opened') : rotated;
    },
    checkWholeChain: (signal) => checkEverything(store, clock, signal),
  };
}

type Marked = Pick<SafetyParts, 'clock' | 'boot' | 'identity' | 'journal' | 'blackBox'>;

/** Where a run begins and ends, so that a database that is older than it should be is noticed. */
export function markRun(
  { clock, boot, identity, journal, blackBox }: Marked,
  mark: BlackBoxMark['mark'],
): Result<undefined> {
  if (!blackBox) return ok(undefined);
  const { incarnation } = identity;
  const line: BlackBoxMark = { at: Math.round(clock.wallMs()), boot, incarnation, row: journal.nextSeq() - 1, mark };
  return blackBox.write(line);
}

function positionOf({ store, identity, journal }: SafetyParts): LedgerPosition {
  const row = journal.nextSeq() - 1;
  const latest = store.db.prepare(
    `SELECT seq AS row, body FROM journal WHERE seq > ? AND (step LIKE 'charge.%' OR step LIKE 'reverse.%')
     ORDER BY seq DESC LIMIT ${COMPARED.steps}`,
  );
  const money = (latest.all(row - COMPARED.rows) as LedgerPosition['money'][number][]).toReversed();
  return { incarnation: identity.incarnation, row, money };
}

/** Pages, what follows from the journal, then the chain; a page that cannot be read stops it. */
async function checkEverything(store: Store, clock: Clock, signal?: AbortSignal): Promise<Result<undefined>> {
  try {
    const pages = store.db.pragma('integrity_check(1)', { simple: true });
    if (pages !== 'ok') return fail('ledger.corrupt', String(pages));
    const derived = checkDerived(store);
    return derived.ok ? await checkWhole(store, clock, signal) : derived;
  } catch (error) {
    if (!(error instanceof SqliteError)) throw error;
    return fail(error.code.startsWith('SQLITE_CORRUPT') ? 'ledger.corrupt' : 'ledger.unsafe', error.code);
  }
}

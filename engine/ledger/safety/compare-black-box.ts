/**
 * Two records of the same money, compared at every start. Page checks and the hash chain see a damaged database; they do
 * not see one that is sound but older than it should be (its write-ahead log was lost, or an old file was put in its place).
 */
import { canonicalJson } from '../record-hash.ts';
import { isStep, type BlackBoxHistory, type BlackBoxLine } from './black-box.schema.ts';

/** Where a database stands. */
export interface LedgerPosition {
  readonly incarnation: string;
  /** Last row of the journal; 0 when there is none. */
  readonly row: number;
  /** The latest money steps, newest last: the row, and the entry's JSON. */
  readonly money: readonly { readonly row: number; readonly body: string }[];
}

export type Comparison =
  | { readonly kind: 'same' }
  /** The database lacks what the black box knows (it is sound then, only old), or says something else. */
  | { readonly kind: 'ledgerBehind'; readonly detail: string; readonly isSound: boolean }
  /** The black box lacks what the database knows, or cannot be read: to be begun anew. */
  | { readonly kind: 'blackBoxDamaged'; readonly detail: string };

/** `isLogLost`: the database was not closed, and there was no write-ahead log beside it. */
export function compareBlackBox(history: BlackBoxHistory, ledger: LedgerPosition, isLogLost = false): Comparison {
  const { lines, damaged } = history;
  const changed = firstChanged(lines, ledger);
  if (changed !== undefined) return { kind: 'ledgerBehind', detail: changed, isSound: false };
  const behind = whyBehind(lines, ledger);
  if (behind !== undefined) return { kind: 'ledgerBehind', detail: behind, isSound: true };
  if (damaged > 0) return { kind: 'blackBoxDamaged', detail: `${damaged} lines cannot be read` };
  const missing = firstMissing(lines, ledger);
  // a database that knows more than the black box was closed, and it is the black box that lost its end
  if (missing !== undefined) return { kind: 'blackBoxDamaged', detail: missing };
  if (isLogLost) return { kind: 'ledgerBehind', detail: 'its write-ahead log is missing', isSound: true };
  return { kind: 'same' };
}

function whyBehind(lines: readonly BlackBoxLine[], { incarnation, row }: LedgerPosition): string | undefined {
  const last = lines.at(-1);
  if (!last) return undefined;
  if (!lines.some((line) => line.incarnation === incarnation)) {
    return row === 0 ? 'the black box knows money steps, the database is empty' : undefined;
  }
  if (last.incarnation !== incarnation) return `the black box goes on to incarnation ${last.incarnation.slice(0, 12)}`;
  const beyond = lines.find((line) => line.incarnation === incarnation && line.row > lastRowOf(line, row));
  return beyond && `the black box knows row ${beyond.row}, the database ends at ${row}`;
}

/** A chain that was worked out anew is whole again; the second record still says what stood there. */
function firstChanged(lines: readonly BlackBoxLine[], { incarnation, money }: LedgerPosition): string | undefined {
  const told = new Map<number, string>();
  for (const line of lines) {
    if (isStep(line) && line.incarnation === incarnation) told.set(line.row, canonicalJson(line.entry));
  }
  const changed = money.find(({ row, body }) => {
    const entry = told.get(row);
    return entry !== undefined && entry !== canonicalJson(JSON.parse(body));
  });
  return changed && `row ${changed.row} is not what the black box was told`;
}

/** A step is written before its commit, so the black box may be one row ahead; a mark after it. */
function lastRowOf(line: BlackBoxLine, row: number): number {
  return isStep(line) ? row + 1 : row;
}

/** Nothing is missed before the first row the black box was there for. */
function firstMissing(lines: readonly BlackBoxLine[], { incarnation, money }: LedgerPosition): string | undefined {
  const own = lines.filter((line) => line.incarnation === incarnation);
  const from = own[0]?.row;
  if (from === undefined) return money.length > 0 ? 'it does not know this database' : undefined;
  const known = new Set(own.filter(isStep).map((line) => line.row));
  const missing = money.find(({ row }) => row > from && !known.has(row));
  return missing && `it lacks row ${missing.row}`;
}

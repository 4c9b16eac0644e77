/**
 * Writes again, from the black box, what a database restored from a backup has lost. Steps and what the platform is told of
 * them are taken over word for word; nothing is worked out. What cannot follow, because the lines before it are lost, is
 * handed to staff when money is in it.
 */
import type { Chance, Clock } from '../../../contract/clock.ts';
import { ok, type Result } from '../../../contract/outcome.schema.ts';
import type { StreamEvent, TerminalEvent } from '../../../contract/terminal-event.schema.ts';
import { drawCaseCode } from '../case-code.ts';
import type { Ledger } from '../ledger.ts';
import { canFollow } from '../txn.fold.ts';
import { isStep, type BlackBoxHistory, type BlackBoxStep } from './black-box.schema.ts';
import type { LedgerPosition } from './compare-black-box.ts';

export interface ReplayContext {
  readonly ledger: Ledger;
  readonly chance: Chance;
  readonly clock: Clock;
}

export interface Replayed {
  readonly steps: number;
  /** Transactions of which the beginning is lost. */
  readonly torn: number;
  /** Handed to staff by the replay. */
  readonly cases: number;
}

/**
 * The steps the database lacks, in order. Of several lines for one row only the last was committed: the ones before were
 * refused and tried again.
 */
export function stepsAfter(history: BlackBoxHistory, { incarnation, row }: LedgerPosition): readonly BlackBoxStep[] {
  const begin = history.lines.findIndex((line) => line.incarnation === incarnation);
  const later = history.lines
    .slice(Math.max(0, begin))
    .filter(isStep)
    .filter((line) => line.incarnation !== incarnation || line.row > row);
  const lastOfRow = new Map(later.map((line) => [`${line.incarnation} ${line.row}`, line]));
  return later.filter((line) => lastOfRow.get(`${line.incarnation} ${line.row}`) === line);
}

/** Whether the black box was there from the backup on: no line before or after it is missing as far as it can tell. */
export function coversFrom(history: BlackBoxHistory, position: LedgerPosition): boolean {
  if (history.damaged > 0) return false;
  const own = history.lines.filter((line) => line.incarnation === position.incarnation);
  const first = own[0];
  if (!first) return false;
  const known = new Set(own.map(({ row }) => row));
  return first.row <= position.row && position.money.every(({ row }) => row <= first.row || known.has(row));
}

/** Appends them to a ledger that was opened without its black box. Stops at the first refusal. */
export function replay(context: ReplayContext, steps: readonly BlackBoxStep[]): Result<Replayed> {
  const { ledger } = context;
  const torn = new Map<string, BlackBoxStep[]>();
  let written = 0;
  for (const step of steps) {
    const txn = ledger.txn(step.txn);
    if (!torn.has(step.txn) && canFollow(txn, step.entry)) {
      const appended = ledger.append(step.txn, step.entry, step.events as readonly TerminalEvent[]);
      if (!appended.ok) return appended;
      written++;
    } else if (txn.state === 'created') {
      torn.set(step.txn, [...(torn.get(step.txn) ?? []), step]);
    }
    // else a step that was refused and came about another way; or lines are lost, and then `handOverOpen` is due
  }
  return tellOfTorn(context, torn, written);
}

/** What was told to the platform is told again; money without an end becomes a case. */
function tellOfTorn(
  { ledger, chance, clock }: ReplayContext,
  torn: ReadonlyMap<string, readonly BlackBoxStep[]>,
  steps: number,
): Result<Replayed> {
  const at = new Date(clock.wallMs()).toISOString();
  let cases = 0;
  for (const [operation, lines] of torn) {
    const events: StreamEvent[] = lines.flatMap((line) => line.events);
    if (mayHoldMoney(lines)) {
      cases++;
      events.push({
        type: 'CaseOpened',
        at,
        operation,
        code: drawCaseCode(chance),
        reason: REASON,
        ...moneyIn(events),
      });
    }
    const recorded = ledger.record(events as readonly TerminalEvent[]);
    if (!recorded.ok) return recorded;
  }
  return ok({ steps, torn: torn.size, cases });
}

const ENDS = ['charge.cancelled', 'deliver.done', 'deliver.waived', 'reverse.done', 'flag', 'flag.closed'];

/** Whether its last step leaves money with us that nobody was told of. */
function mayHoldMoney(lines: readonly BlackBoxStep[]): boolean {
  const last = lines.at(-1);
  return last !== undefined && !ENDS.includes(last.entry.step);
}

function moneyIn(events: readonly StreamEvent[]): { trade?: string; amountCents?: number } {
  const charge = events.find((event) => event.type === 'ChargeSettled' || event.type === 'ChargeAsked');
  return charge ? { trade: charge.trade, amountCents: charge.amountCents } : {};
}

/**
 * After a restore that may lack steps: what the backup calls open may have been delivered since, so nothing is given back or
 * printed by itself. Staff get each case, and the payment terminal is still asked what became of a charge.
 */
export function handOverOpen({ ledger, chance, clock }: ReplayContext): Result<number> {
  const at = new Date(clock.wallMs()).toISOString();
  const open = ledger.openTxns().filter((txn) => txn.case === undefined);
  for (const { id, charge } of open) {
    const code = drawCaseCode(chance);
    const money = charge ? { trade: charge.trade, amountCents: charge.amountCents } : {};
    const event = { type: 'CaseOpened', at, operation: id, code, reason: REASON, ...money } as const;
    const flagged = ledger.append(id, { step: 'flag', code, reason: REASON }, [event]);
    if (!flagged.ok) return flagged;
  }
  return ok(open.length);
}

const REASON = 'ledger.restored';

/**
 * Reconciliation on the day after (T+1, money-and-sync 2.4): the provider's bill, our ledger and what came out, laid side by
 * side. Pure: the same rows give the same findings.
 */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Tables } from '../database/tables.ts';

export interface BillLine {
  readonly trade: string;
  readonly terminal: string;
  readonly kind: 'paid' | 'reversed';
  readonly amountCents: number;
}

export interface LedgerCharge {
  readonly trade: string;
  readonly terminal: string;
  readonly operation: string;
  readonly state: Tables['payments']['state'];
  readonly amountCents: number;
  /** `notDone`: something was to come out and did not. `nothing`: nothing was to come out, a parking grace for instance. */
  readonly output: 'done' | 'notDone' | 'nothing';
}

export type FindingKind = Tables['bill_findings']['finding'];

export interface Finding {
  readonly finding: FindingKind;
  readonly terminal: string;
  readonly trade: string;
  readonly amountCents: number;
  /** The trade itself when we know of none. */
  readonly operation: string;
}

export const BILL_LINES_AT_MOST = 50_000;
const HEADER = 'trade,terminal,kind,amountCents';
const LINE = /^([A-Za-z0-9._-]{1,64}),([A-Za-z0-9._-]{1,64}),(paid|reversed),(\d{1,8})$/;

/** CSV with the header `trade,terminal,kind,amountCents`, UTF-8, LF or CRLF. All of it or nothing: the detail names the line. */
export function readBill(text: string): Result<readonly BillLine[]> {
  const [header, ...rows] = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (header !== HEADER) return fail('kiosk.badMessage', `line 1 is not ${HEADER}`);
  const lines: BillLine[] = [];
  const seen = new Set<string>();
  for (const [index, row] of rows.entries()) {
    if (row === '' && index === rows.length - 1) break;
    const [, trade = '', terminal = '', kind, cents] = LINE.exec(row) ?? [];
    if (kind !== 'paid' && kind !== 'reversed')
      return fail('kiosk.badMessage', `line ${index + 2} is no line of a bill`);
    const key = `${terminal} ${trade} ${kind}`;
    if (seen.has(key)) return fail('kiosk.badMessage', `line ${index + 2} repeats an earlier one`);
    seen.add(key);
    lines.push({ trade, terminal, kind, amountCents: Number(cents) });
    if (lines.length > BILL_LINES_AT_MOST) return fail('kiosk.badMessage', `more than ${BILL_LINES_AT_MOST} lines`);
  }
  return ok(lines);
}

/** `charges`: every trade of the bill that we know, and every charge of that day. */
export function reconcile(lines: readonly BillLine[], charges: readonly LedgerCharge[]): readonly Finding[] {
  const known = new Map(charges.map((charge) => [keyOf(charge), charge]));
  const billed = Map.groupBy(lines, keyOf);
  const findings: Finding[] = [];
  for (const [key, own] of billed) {
    const paid = own.find(({ kind }) => kind === 'paid');
    const isReversed = own.some(({ kind }) => kind === 'reversed');
    const line = paid ?? own[0];
    if (!line) continue;
    const charge = known.get(key);
    if (!charge) findings.push({ ...line, finding: 'unknownToUs', operation: line.trade });
    else if (paid && !isReversed) findings.push(...ofBilled(charge, paid));
  }
  return [...findings, ...charges.flatMap((charge) => ofDelivered(charge, billed.get(keyOf(charge)) ?? []))];
}

/** Something came out, and the provider keeps no money for it. */
function ofDelivered(charge: LedgerCharge, billed: readonly BillLine[]): readonly Finding[] {
  const isBilled = billed.some(({ kind }) => kind === 'paid') && !billed.some(({ kind }) => kind === 'reversed');
  const isOwed = !isBilled && charge.output === 'done' && charge.state !== 'asked';
  return isOwed ? [{ ...charge, finding: 'deliveredNotPaid' }] : [];
}

/** The provider keeps the money of this one. */
function ofBilled(charge: LedgerCharge, { amountCents }: BillLine): readonly Finding[] {
  if (charge.state === 'reversed') return [{ ...charge, amountCents, finding: 'reversedButBilled' }];
  const isOwed = charge.state !== 'paid' || charge.output === 'notDone' || charge.amountCents !== amountCents;
  return isOwed && charge.output !== 'done' ? [{ ...charge, amountCents, finding: 'paidNotDelivered' }] : [];
}

function keyOf({ terminal, trade }: { readonly terminal: string; readonly trade: string }): string {
  return `${terminal} ${trade}`;
}

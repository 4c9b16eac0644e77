/** Whether ledger, payment terminal, printer and platform say the same of some transactions (money-and-sync 2.5). */
import { checkInvariants, type Violation } from '../../contract/invariants.ts';
import type { ActFact, OperationFact, OutputFact, TradeFact } from '../../contract/invariants/facts.types.ts';
import type { Txn } from '../../engine/ledger/journal.schema.ts';
import type { PlatformSummary } from './watching.ts';

/** A sale as the simulated terminal keeps it. */
export interface SeenSale {
  readonly echo: string;
  readonly amountCents: number;
  readonly approved: boolean;
  readonly voided: boolean;
}

export interface Seen {
  /** Those that are judged, after the last start has settled them. */
  readonly txns: readonly Txn[];
  /** Records the platform does not have yet. */
  readonly unsent: number;
  /** What came of them: sales decided, slips cut. */
  readonly sales: readonly SeenSale[];
  readonly slips: number;
  /** Rows of this terminal. */
  readonly platform: Pick<PlatformSummary, 'payments' | 'cases' | 'prints'>;
}

export function disagreements({ txns, unsent, sales, slips, platform }: Seen): readonly Violation[] {
  const stream = { incarnation: 'all', stream: 'ledger' };
  const trades = new Set(txns.map(({ charge }) => charge?.trade));
  const jobs = new Set(txns.map(({ delivery }) => delivery?.job));
  const codes = new Set(txns.map((txn) => txn.case?.code));
  return checkInvariants({
    terminal: { operations: txns.map((txn) => operationFact(txn)) },
    provider: tradesOf(txns, sales),
    ...outputsOf(txns, slips),
    // with nothing left to send, both sides must show the same
    streams: unsent === 0 ? [{ ...stream, records: [] }] : [],
    platform: {
      heads: [],
      payments: platform.payments
        .filter(({ trade }) => trades.has(trade))
        .map(({ trade, amount_cents, state }) => ({ trade, amountCents: amount_cents, state })),
      prints: platform.prints
        .filter(({ job }) => jobs.has(job))
        .map(({ job, template, state }) => ({ job, what: template, state: state === 'printed' ? 'done' : 'notDone' })),
      cases: platform.cases
        .filter(({ code }) => codes.has(code))
        .map(({ code, operation, reason, state }) => ({ code, operation, reason, open: state === 'open' })),
    },
    bounds: { unfinishedMs: 0 },
  });
}

/** `earlier`: deliveries of the operation before its latest one, of which the ledger keeps the end alone. */
export function operationFact(txn: Txn, earlier: readonly ActFact[] = []): OperationFact {
  const { id, charge, case: opened, state } = txn;
  const latest = actFact(txn);
  return {
    operation: id,
    ...(charge && { charge: { trade: charge.trade, amountCents: charge.amountCents, state: charge.state } }),
    acts: [...earlier.filter(({ job }) => job !== latest?.job), ...(latest ? [latest] : [])],
    ...(opened && { case: { ...opened, open: true } }),
    waived: state === 'delivered' && latest === undefined,
  };
}

export function actFact({ delivery }: Txn): ActFact | undefined {
  if (!delivery) return undefined;
  const { job, state } = delivery;
  if ('template' in delivery) return { kind: 'print', job, what: delivery.template, state };
  return { kind: delivery.act === 'unlock' ? 'unlock' : 'dispense', job, what: delivery.target, state };
}

/** The terminal knows a trade by its four digits alone. */
function tradesOf(txns: readonly Txn[], sales: readonly SeenSale[]): readonly TradeFact[] {
  return [...Map.groupBy(sales, ({ echo }) => echo)].map(([echo, same]) => {
    const trade = txns.find(({ charge }) => charge?.echo === echo)?.charge?.trade ?? `of echo ${echo}`;
    const taken = same.filter(({ approved }) => approved);
    const held = taken.filter(({ voided }) => !voided);
    const cents = held.reduce((sum, { amountCents }) => sum + amountCents, 0);
    const state = held.length > 0 ? 'captured' : taken.length > 0 ? 'reversed' : 'none';
    return { trade, state, cents, captures: taken.length };
  });
}

/** Which slip was whose the printer does not know: it is judged when one transaction alone printed. */
function outputsOf(txns: readonly Txn[], slips: number): { readonly world?: readonly OutputFact[] } {
  const acts = txns.flatMap((txn) => actFact(txn) ?? []).filter(({ kind }) => kind === 'print');
  const [act] = acts;
  if (acts.length > 1) return {};
  if (!act) return { world: slips === 0 ? [] : [{ job: 'of nobody', originals: slips, copies: 0 }] };
  return {
    world:
      slips === 0
        ? []
        : [{ job: act.job, ...(act.what !== undefined && { what: act.what }), originals: slips, copies: 0 }],
  };
}

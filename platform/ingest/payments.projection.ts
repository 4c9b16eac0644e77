/** Charges: one row per trade, the exit grace it opens, and the case it settles. Money that was taken is never left out. */
import type { PlatformContext } from '../context.ts';
import type { Commit, Tables } from '../database/tables.ts';
import type { EventOf, Origin, ParkReason } from './projection.types.ts';

type Charge = EventOf<'ChargeSettled'>;
type State = Charge['state'];

/** What may follow what. A cancelled charge may turn out paid (late approval); a reversal is final. */
const FOLLOWS: Readonly<Record<State, readonly State[]>> = {
  paid: ['reversed'],
  cancelled: ['paid', 'reversed'],
  reversed: [],
};

export async function projectCharge(
  commit: Commit,
  context: PlatformContext,
  origin: Origin,
  event: Charge,
): Promise<ParkReason> {
  const known = await commit
    .selectFrom('payments')
    .select(['state', 'amount_cents'])
    .where('terminal', '=', origin.terminal)
    .where('trade', '=', event.trade)
    .executeTakeFirst();
  if (known && known.amount_cents !== event.amountCents) return 'charge.amountChanged';
  if (known?.state === event.state) return undefined;
  if (known && !FOLLOWS[known.state].includes(event.state)) return `charge.${event.state}After-${known.state}`;
  const quoteFault = event.state === 'paid' ? await openGrace(commit, context, origin, event) : undefined;
  if (event.state !== 'paid') await closeGrace(commit, origin.terminal, event.trade);
  await storePayment(commit, origin, event);
  await settleCase(commit, origin.terminal, event);
  return quoteFault;
}

async function storePayment(commit: Commit, origin: Origin, event: Charge): Promise<void> {
  const settled = { state: event.state, settled_at: event.at, received_ms: origin.receivedMs, arrival: origin.arrival };
  await commit
    .insertInto('payments')
    .values({
      terminal: origin.terminal,
      trade: event.trade,
      service: event.service,
      amount_cents: event.amountCents,
      quote: event.quote ?? null,
      ...settled,
    })
    .onConflict((conflict) => conflict.columns(['terminal', 'trade']).doUpdateSet(settled))
    .execute();
}

/** The reason to park is about the quote alone: the payment stands, and a person decides about the gate. */
async function openGrace(commit: Commit, context: PlatformContext, origin: Origin, event: Charge): Promise<ParkReason> {
  if (event.quote === undefined) return undefined;
  const quote = await commit.selectFrom('quotes').selectAll().where('quote', '=', event.quote).executeTakeFirst();
  if (!quote) return 'charge.quoteNotKnown';
  if (quote.due_cents !== event.amountCents) return 'charge.amountIsNotTheQuoted';
  if (await isPaid(commit, quote)) return 'charge.stayPaidTwice';
  await commit
    .insertInto('graces')
    .values({
      terminal: origin.terminal,
      trade: event.trade,
      stay: quote.stay,
      to_hour: quote.to_hour,
      state: 'open',
      paid_at: event.at,
      until_ms: context.clock.wallMs() + quote.grace_minutes * 60_000,
    })
    .execute();
  return undefined;
}

/** Whether another payment already stands for hours that this quote prices. */
async function isPaid(commit: Commit, quote: Tables['quotes']): Promise<boolean> {
  const row = await commit
    .selectFrom('graces')
    .select('trade')
    .where('stay', '=', quote.stay)
    .where('state', '=', 'open')
    .where('to_hour', '>', quote.from_hour)
    .executeTakeFirst();
  return row !== undefined;
}

async function closeGrace(commit: Commit, terminal: string, trade: string): Promise<void> {
  await commit
    .updateTable('graces')
    .set({ state: 'closed' })
    .where('terminal', '=', terminal)
    .where('trade', '=', trade)
    .execute();
}

async function settleCase(commit: Commit, terminal: string, event: Charge): Promise<void> {
  await commit
    .updateTable('cases')
    .set({ state: event.state })
    .where('terminal', '=', terminal)
    .where('trade', '=', event.trade)
    .execute();
}

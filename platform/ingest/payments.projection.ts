/** Charges: one row per trade, the exit grace it opens, and the case it settles. Money that was taken is never left out. */
import type { Row } from '../database/row-sets.ts';
import type { Draft } from './draft.ts';
import type { EventOf, Origin, ParkReason } from './ingest.types.ts';

type Charge = EventOf<'ChargeSettled'>;
type Payment = Row<'payments'>;

/** What may follow what. A cancelled charge may turn out paid (late approval); a reversal is final. */
const FOLLOWS: Readonly<Record<Payment['state'], readonly Charge['state'][]>> = {
  asked: ['paid', 'cancelled', 'reversed'],
  paid: ['reversed'],
  cancelled: ['paid', 'reversed'],
  reversed: [],
};

/** From here on money is in doubt, until the terminal tells how it ended. Asked again after the end, it tells nothing new. */
export function projectChargeAsked(draft: Draft, origin: Origin, event: EventOf<'ChargeAsked'>): ParkReason {
  const known = draft.payments.get(origin.terminal, event.trade);
  if (known) return known.amount_cents === event.amountCents ? undefined : 'charge.amountChanged';
  draft.payments.set({
    ...newPayment(origin, event),
    state: 'asked',
    asked_at: event.at,
    asked_ms: origin.receivedMs,
    settled_at: null,
  });
  return undefined;
}

export function projectCharge(draft: Draft, origin: Origin, event: Charge): ParkReason {
  const known = draft.payments.get(origin.terminal, event.trade);
  if (known && known.amount_cents !== event.amountCents) return 'charge.amountChanged';
  if (known?.state === event.state) return undefined;
  if (known && !FOLLOWS[known.state].includes(event.state)) return `charge.${event.state}After-${known.state}`;
  return settle(draft, origin, event, known ?? { ...newPayment(origin, event), state: 'asked', settled_at: null });
}

/** What it says about gate and case may be wrong; the money itself is counted. */
function settle(draft: Draft, origin: Origin, event: Charge, payment: Payment): ParkReason {
  const quoteFault = event.state === 'paid' ? openGrace(draft, origin, event) : undefined;
  if (event.state !== 'paid') closeGrace(draft, origin.terminal, event.trade);
  draft.payments.set({
    ...payment,
    quote: event.quote ?? payment.quote,
    state: event.state,
    settled_at: event.at,
    received_ms: origin.receivedMs,
    incarnation: origin.incarnation,
    seq: origin.seq,
  });
  return quoteFault ?? settleCases(draft, origin.terminal, event);
}

function newPayment(origin: Origin, event: Charge | EventOf<'ChargeAsked'>) {
  return {
    terminal_id: origin.terminal,
    trade: event.trade,
    operation: event.operation,
    service: event.service,
    amount_cents: event.amountCents,
    quote: null,
    asked_at: null,
    asked_ms: null,
    received_ms: origin.receivedMs,
    incarnation: origin.incarnation,
    seq: origin.seq,
  };
}

/** The reason to park is about the quote alone: the payment stands, and a person decides about the gate. */
function openGrace(draft: Draft, origin: Origin, event: Charge): ParkReason {
  if (event.quote === undefined) return undefined;
  const quote = draft.quotes.get(event.quote);
  if (!quote) return 'charge.quoteNotKnown';
  if (quote.due_cents !== event.amountCents) return 'charge.amountIsNotTheQuoted';
  const isPaid = draft.graces
    .like(quote.stay)
    .some(({ state, to_hour }) => state === 'open' && to_hour > quote.from_hour);
  if (isPaid) return 'charge.stayPaidTwice';
  draft.graces.set({
    terminal_id: origin.terminal,
    trade: event.trade,
    stay: quote.stay,
    to_hour: quote.to_hour,
    state: 'open',
    paid_at: event.at,
    until_ms: origin.receivedMs + quote.grace_minutes * 60_000,
  });
  return undefined;
}

function closeGrace(draft: Draft, terminal: string, trade: string): void {
  const grace = draft.graces.get(terminal, trade);
  if (grace) draft.graces.set({ ...grace, state: 'closed' });
}

/** A late answer settles the case that was opened for it. One that staff have closed otherwise stays closed, and is told. */
function settleCases(draft: Draft, terminal: string, event: Charge): ParkReason {
  let fault: ParkReason;
  for (const opened of draft.cases.like(terminal, event.trade)) {
    if (opened.closed_at === null) draft.cases.set({ ...opened, state: event.state });
    else if (!fits(opened.state, event.state)) fault = `charge.${event.state}AfterCase-${opened.state}`;
  }
  return fault;
}

function fits(closedAs: Row<'cases'>['state'], settled: Charge['state']): boolean {
  return closedAs === settled || (closedAs === 'delivered' && settled === 'paid');
}

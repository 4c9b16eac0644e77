/**
 * Taking money: intent, one sale, outcome. After a lost answer the terminal is asked by the same trade until it says
 * what became of it; there is never a second sale (money-and-sync 2.2, 2.4).
 */
import { pause } from '../../contract/clock.ts';
import type { ReplyOf } from '../../contract/devices/device-classes.ts';
import { problem, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import type { PricesName } from '../../contract/published-content.schema.ts';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import { at, backOff, limitsOf, openCase, unrecorded, type CaseResult, type EffectContext } from './effect-context.ts';
import type { MachineTime, Txn } from './journal.schema.ts';

export interface ChargeRequest {
  readonly txn: string;
  readonly service: string;
  readonly amountCents: number;
  /** The platform's quote that is charged. */
  readonly quote?: string;
  /** The published prices it was made under. */
  readonly prices?: PricesName;
}

export type ChargeResult =
  | {
      readonly kind: 'paid';
      readonly trade: string;
      readonly voucher?: string;
      readonly reference?: string;
      readonly cardMasked?: string;
    }
  /** The terminal or the bank said no. */
  | { readonly kind: 'declined'; readonly problem: Problem }
  /** Nothing was charged, for another reason. */
  | { readonly kind: 'notCharged'; readonly problem: Problem }
  | CaseResult;

type TerminalReply = ReplyOf<'payment-terminal'>;
type Charge = NonNullable<Txn['charge']>;

/** What is known of a trade. `none`: no money moved. */
export type TradeAnswer =
  | { readonly kind: 'approved'; readonly reply: TerminalReply }
  | { readonly kind: 'declined'; readonly problem: Problem }
  | { readonly kind: 'none'; readonly problem: Problem }
  | { readonly kind: 'unknown'; readonly problem: Problem };

const LATE_GAP_CAP_MS = 60_000;

/**
 * Charges once. `signal` reaches the sale alone: when it aborts after the first byte, what became of the sale is still
 * found out. With `case` the trade may yet turn out paid: `lateCharge` goes on asking.
 */
export async function charge(
  context: EffectContext,
  request: ChargeRequest,
  signal: AbortSignal,
): Promise<ChargeResult> {
  const { ledger, devices, probe, timing } = context;
  const { txn, ...sale } = request;
  if (signal.aborted) return { kind: 'notCharged', problem: problem('kiosk.cancelled') };
  probe('charge.intent.before');
  const { trade, echo } = ledger.newTrade();
  const { service, amountCents, prices } = request;
  const about = { operation: txn, trade, service, amountCents, ...(prices && { prices }) };
  const asked = { type: 'ChargeAsked', at: at(context), ...about } as const;
  const machine = context.machineTime();
  const entry = { step: 'charge.intent', trade, echo, ...sale, ...(machine && { asked: machine }) } as const;
  const intent = await context.append(txn, entry, [asked]);
  if (!intent.ok) return { kind: 'notCharged', problem: intent.problem };
  probe('charge.intent.after');
  const command = { kind: 'sale', trade, echo, amountCents } as const;
  const sent = devices.execute('payment-terminal', command, limitsOf(context, timing.saleMs, signal));
  probe('charge.sent');
  const answer = readSale(await sent);
  probe('charge.answered');
  return settleCharge(context, txn, answer.kind === 'unknown' ? await askUntilKnown(context, txn, answer) : answer);
}

/** Goes on asking after a case was opened, until the terminal says or `signal` aborts; a late approval counts as paid. */
export async function lateCharge(context: EffectContext, id: string, signal: AbortSignal): Promise<ChargeResult> {
  for (const delayMs of backOff(LATE_GAP_CAP_MS)) {
    const before = ended(context.ledger.txn(id));
    if (before) return before;
    if (signal.aborted) break;
    await pause(context.clock, delayMs, signal);
    if (signal.aborted) break;
    const answer = await askTrade(context, id, context.timing.questionMs);
    if (answer.kind !== 'unknown') return settleCharge(context, id, answer);
  }
  return unrecorded(context, id, problem('payment.unknown'));
}

/** One question about the trade of this transaction, as the terminal answers it. Repeats nothing. */
export async function questionTrade(
  context: EffectContext,
  id: string,
  withinMs: number,
): Promise<Outcome<TerminalReply>> {
  const { trade, echo, amountCents, asked } = chargeOf(context.ledger.txn(id));
  const ageMs = ageOf(context, asked);
  const command = { kind: 'query', trade, echo, amountCents, ...(ageMs !== undefined && { ageMs }) } as const;
  const sent = context.devices.execute('payment-terminal', command, limitsOf(context, withinMs));
  context.probe('query.sent');
  const outcome = await sent;
  context.probe('query.answered');
  return outcome;
}

/** What the answer to that question says of the money. */
export async function askTrade(context: EffectContext, id: string, withinMs: number): Promise<TradeAnswer> {
  return readQuery(await questionTrade(context, id, withinMs));
}

/** Records what became of the trade, unless somebody else did meanwhile; an unknown one becomes a case. */
export async function settleCharge(context: EffectContext, id: string, answer: TradeAnswer): Promise<ChargeResult> {
  const already = ended(context.ledger.txn(id));
  if (already) return already;
  switch (answer.kind) {
    case 'approved':
      return recordPaid(context, id, answer.reply, true);
    case 'unknown':
      return openCase(context, id, 'charge.unknown', problem('payment.unknown', answer.problem.detail));
    case 'declined':
    case 'none':
      return recordCancelled(context, id, answer);
  }
}

/**
 * Records an approval. `opensGrace`: whether what was paid for is given (the event then names the quote); at start-up
 * it is not, because the money goes back.
 */
export async function recordPaid(
  context: EffectContext,
  id: string,
  reply: TerminalReply,
  opensGrace: boolean,
): Promise<ChargeResult> {
  const { voucher, reference, cardMasked } = reply;
  const payment = {
    ...(voucher !== undefined && { voucher }),
    ...(reference !== undefined && { reference }),
    ...(cardMasked !== undefined && { cardMasked }),
  };
  const { trade, quote } = chargeOf(context.ledger.txn(id));
  const event = { ...settled(context, id, 'paid'), ...payment, ...(opensGrace && quote !== undefined && { quote }) };
  const entry = { step: 'charge.paid', ...payment, paidAtMs: Math.round(context.clock.wallMs()) } as const;
  const recorded = await context.append(id, entry, [event]);
  if (!recorded.ok) return unrecorded(context, id, recorded.problem);
  context.probe('charge.recorded');
  return { kind: 'paid', trade, ...payment };
}

type Settled = Extract<TerminalEvent, { type: 'ChargeSettled' }>;

/** The event of a charge that came to an end. */
export function settled(context: EffectContext, id: string, state: Settled['state']): Settled {
  const { trade, service, amountCents } = chargeOf(context.ledger.txn(id));
  return { type: 'ChargeSettled', at: at(context), operation: id, trade, service, amountCents, state };
}

/** The intent is older than the sale by as much as the terminal was busy with questions before it. */
const QUESTIONS_BEFORE = 3;

/**
 * How long the sale is under way at least, ms. Wall time is not asked: it may have been set. After a restart of the machine
 * it is as old as the machine is up, because it was sent before.
 */
function ageOf({ machineTime, timing }: EffectContext, asked: MachineTime | undefined): number | undefined {
  const now = asked && machineTime();
  if (!now) return undefined;
  if (now.boot !== asked.boot) return now.upMs;
  return Math.max(0, now.upMs - asked.upMs - QUESTIONS_BEFORE * timing.questionMs);
}

export function chargeOf(txn: Txn): Charge {
  if (!txn.charge) throw new Error(`${txn.id} has no charge`);
  return txn.charge;
}

async function recordCancelled(
  context: EffectContext,
  id: string,
  answer: Extract<TradeAnswer, { kind: 'declined' | 'none' }>,
): Promise<ChargeResult> {
  const entry = { step: 'charge.cancelled', reason: answer.problem.code } as const;
  const recorded = await context.append(id, entry, [settled(context, id, 'cancelled')]);
  const kind = answer.kind === 'declined' ? 'declined' : 'notCharged';
  // No money moved, so nothing is lost when this cannot be written: the next start asks again and hears the same.
  if (recorded.ok) context.probe('charge.recorded');
  return { kind, problem: recorded.ok ? answer.problem : recorded.problem };
}

/** Asks as often and as long as the provider wants it: of a card terminal 2, 4, 8, 16, 32, 48 and 60 s after the loss. */
async function askUntilKnown(context: EffectContext, id: string, lost: TradeAnswer): Promise<TradeAnswer> {
  const { clock, timing, payment } = context;
  const { everySeconds, slowestSeconds, forSeconds } = payment.poll;
  const endMs = clock.now() + forSeconds * 1_000;
  let answer = lost;
  for (const delayMs of backOff(slowestSeconds * 1_000, everySeconds * 1_000)) {
    const leftMs = endMs - clock.now();
    if (leftMs <= 0 || answer.kind !== 'unknown') break;
    await pause(clock, Math.min(delayMs, leftMs));
    answer = await askTrade(context, id, timing.questionMs);
  }
  return answer;
}

function readSale(outcome: Outcome<TerminalReply>): TradeAnswer {
  if (outcome.kind === 'failed' && outcome.effect === 'none') return { kind: 'none', problem: outcome.problem };
  if (outcome.kind !== 'done') return { kind: 'unknown', problem: outcome.problem };
  const { state } = outcome.reply;
  if (state === 'approved') return { kind: 'approved', reply: outcome.reply };
  if (state === 'declined') return declined(outcome.reply);
  return { kind: 'unknown', problem: problem('device.garbage', `sale answered ${state}`) };
}

/** Only what the terminal says of the trade itself counts; that a question failed says nothing about the sale. */
function readQuery(outcome: Outcome<TerminalReply>): TradeAnswer {
  if (outcome.kind !== 'done') return { kind: 'unknown', problem: outcome.problem };
  switch (outcome.reply.state) {
    case 'approved':
      return { kind: 'approved', reply: outcome.reply };
    case 'declined':
      return declined(outcome.reply);
    case 'notFound':
      return { kind: 'none', problem: problem('payment.declined', 'the terminal has never seen this trade') };
    case 'reversed':
      return { kind: 'none', problem: problem('payment.declined', 'the terminal has already given it back') };
  }
}

function declined({ declineCode }: TerminalReply): TradeAnswer {
  return { kind: 'declined', problem: problem('payment.declined', declineCode && `code ${declineCode}`) };
}

/** The result of a charge about which nothing is open any more. */
function ended(txn: Txn): ChargeResult | undefined {
  const { state, trade, voucher, reference, cardMasked } = chargeOf(txn);
  if (state === 'asked') return undefined;
  if (state === 'cancelled' || state === 'reversed') return { kind: 'notCharged', problem: problem('kiosk.cancelled') };
  return {
    kind: 'paid',
    trade,
    ...(voucher !== undefined && { voucher }),
    ...(reference !== undefined && { reference }),
    ...(cardMasked !== undefined && { cardMasked }),
  };
}

/** Giving money back: intent, then the same reversal again and again until the terminal says it is done. */
import { pause } from '../../contract/clock.ts';
import type { ReplyOf } from '../../contract/devices/device-classes.ts';
import { problem, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import { chargeOf, questionTrade, settled } from './charge.effect.ts';
import { evidenceOf } from './delivery.effect.ts';
import { backOff, limitsOf, openCase, unrecorded, type CaseResult, type EffectContext } from './effect-context.ts';

export type ReverseResult =
  | { readonly kind: 'reversed' }
  /** Not yet: `signal` aborted, or it could not be written. The intent stands; recovery goes on. */
  | { readonly kind: 'pending'; readonly problem: Problem }
  /** Staff know; recovery still goes on repeating it. */
  | CaseResult;

const GAP_CAP_MS = 60_000;

/** Gives back what was charged. Safe to call again for a reversal that was begun. */
export async function reverse(
  context: EffectContext,
  request: { readonly txn: string; readonly reason?: string },
  signal: AbortSignal,
): Promise<ReverseResult> {
  const { clock, timing } = context;
  const begun = await beginReverse(context, request.txn, request.reason ?? 'asked for');
  if (begun) return begun;
  const restMs = waitMs(context, request.txn);
  if (restMs > 0) await pause(clock, restMs, signal);
  const caseAtMs = clock.now() + timing.caseAfterMs;
  let last: ReverseResult = { kind: 'pending', problem: problem('kiosk.cancelled') };
  for (const delayMs of backOff(GAP_CAP_MS)) {
    if (signal.aborted) break;
    last = await reverseOnce(context, request.txn, timing.questionMs);
    if (last.kind !== 'pending') break;
    if (clock.now() >= caseAtMs) return caseOf(context, request.txn, 'reverse.late', last.problem);
    await pause(clock, delayMs, signal);
  }
  return last;
}

/** Writes the intent; a result when there is nothing to repeat. */
export async function beginReverse(
  context: EffectContext,
  id: string,
  reason: string,
): Promise<ReverseResult | undefined> {
  const { ledger, probe } = context;
  const { state, voucher } = chargeOf(ledger.txn(id));
  if (state === 'reversed') return { kind: 'reversed' };
  if (state === 'reversing') return undefined;
  if (voucher === undefined) {
    return caseOf(context, id, 'reverse.impossible', problem('device.refused', 'the terminal gave no voucher'));
  }
  if (isTooLate(context, id)) return caseOf(context, id, 'reverse.late', problem('payment.unknown', TOO_LATE));
  probe('reverse.intent.before');
  const intent = await context.append(id, { step: 'reverse.intent', reason }, []);
  if (!intent.ok) return { kind: 'pending', problem: intent.problem };
  probe('reverse.intent.after');
  return undefined;
}

/** How long the provider still wants to be left alone with this payment, ms. */
export function waitMs({ ledger, clock, payment }: EffectContext, id: string): number {
  const { paidAtMs } = chargeOf(ledger.txn(id));
  const wantedMs = payment.reverse.afterSeconds * 1_000;
  const sinceMs = paidAtMs === undefined ? wantedMs : clock.wallMs() - paidAtMs;
  return Math.min(wantedMs, Math.max(0, wantedMs - sinceMs));
}

/** Sends the reversal once more. A plain refusal is a case at once; whatever else is not `reversed` is pending. */
export async function reverseOnce(context: EffectContext, id: string, withinMs: number): Promise<ReverseResult> {
  const write = await sendReversal(context, id, withinMs);
  return write();
}

/** The same in two parts: asks the terminal, and gives what writes down its answer. */
export async function sendReversal(
  context: EffectContext,
  id: string,
  withinMs: number,
): Promise<() => Promise<ReverseResult>> {
  const { trade, echo, amountCents, voucher } = chargeOf(context.ledger.txn(id));
  if (voucher === undefined) throw new Error(`${id} is being reversed without a voucher`);
  if (isTooLate(context, id)) return () => caseOf(context, id, 'reverse.late', problem('payment.unknown', TOO_LATE));
  const looked = context.payment.reverse.queryFirst ? await lookBefore(context, id, withinMs) : undefined;
  if (looked) return looked;
  const command = { kind: 'reverse', trade, echo, amountCents, voucher } as const;
  const sent = context.devices.execute('payment-terminal', command, limitsOf(context, withinMs));
  context.probe('reverse.sent');
  const outcome = await sent;
  context.probe('reverse.answered');
  return () => writeReversal(context, id, outcome);
}

async function writeReversal(
  context: EffectContext,
  id: string,
  outcome: Outcome<ReplyOf<'payment-terminal'>>,
): Promise<ReverseResult> {
  if (chargeOf(context.ledger.txn(id)).state === 'reversed') return { kind: 'reversed' };
  if (outcome.kind !== 'done') return { kind: 'pending', problem: outcome.problem };
  const { state } = outcome.reply;
  if (state === 'reversed') return recordReversed(context, id, evidenceOf(outcome.evidence));
  if (state === 'approved')
    return { kind: 'pending', problem: problem('device.garbage', 'reversal answered approved') };
  return caseOf(context, id, 'reverse.refused', problem('device.refused', `reversal answered ${state}`));
}

const TOO_LATE = 'the provider takes no reversal of it any more: refund';
const DAY_MS = 24 * 60 * 60 * 1_000;

function isTooLate({ ledger, clock, payment }: EffectContext, id: string): boolean {
  const { paidAtMs } = chargeOf(ledger.txn(id));
  return paidAtMs !== undefined && clock.wallMs() - paidAtMs > payment.reverse.withinDays * DAY_MS;
}

/** What stands at the provider; undefined when it is the payment that is to go back. */
async function lookBefore(
  context: EffectContext,
  id: string,
  withinMs: number,
): Promise<(() => Promise<ReverseResult>) | undefined> {
  const outcome = await questionTrade(context, id, withinMs);
  if (outcome.kind !== 'done') return () => Promise.resolve({ kind: 'pending', problem: outcome.problem });
  const { state } = outcome.reply;
  if (state === 'approved') return undefined;
  if (state === 'reversed') return () => recordReversed(context, id, evidenceOf(outcome.evidence));
  return () => caseOf(context, id, 'reverse.refused', problem('device.refused', `asked before, it is ${state}`));
}

async function recordReversed(context: EffectContext, id: string, evidence: string): Promise<ReverseResult> {
  const event = settled(context, id, 'reversed');
  const recorded = await context.append(id, { step: 'reverse.done', evidence }, [event]);
  if (!recorded.ok) return { kind: 'pending', problem: recorded.problem };
  context.probe('reverse.recorded');
  return { kind: 'reversed' };
}

type ReverseReason = 'reverse.refused' | 'reverse.late' | 'reverse.impossible';

async function caseOf(context: EffectContext, id: string, reason: ReverseReason, why: Problem): Promise<CaseResult> {
  return context.ledger.txn(id).case ? unrecorded(context, id, why) : openCase(context, id, reason, why);
}

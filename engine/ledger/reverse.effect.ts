/** Giving money back: intent, then the same reversal again and again until the terminal says it is done. */
import { pause } from '../../contract/clock.ts';
import { problem, type Problem } from '../../contract/outcome.schema.ts';
import { chargeOf, settled } from './charge.effect.ts';
import {
  backOff,
  evidenceText,
  limitsOf,
  openCase,
  unrecorded,
  type CaseResult,
  type EffectContext,
} from './effect-context.ts';

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
  const begun = beginReverse(context, request.txn, request.reason ?? 'asked for');
  if (begun) return begun;
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
export function beginReverse(context: EffectContext, id: string, reason: string): ReverseResult | undefined {
  const { ledger, probe } = context;
  const { state, voucher } = chargeOf(ledger.txn(id));
  if (state === 'reversed') return { kind: 'reversed' };
  if (state === 'reversing') return undefined;
  if (voucher === undefined) {
    return caseOf(context, id, 'reverse.impossible', problem('device.refused', 'the terminal gave no voucher'));
  }
  probe('reverse.intent.before');
  const intent = ledger.append(id, { step: 'reverse.intent', reason }, []);
  if (!intent.ok) return { kind: 'pending', problem: intent.problem };
  probe('reverse.intent.after');
  return undefined;
}

/** Sends the reversal once more. A plain refusal is a case at once; whatever else is not `reversed` is pending. */
export async function reverseOnce(context: EffectContext, id: string, withinMs: number): Promise<ReverseResult> {
  const { trade, echo, amountCents, voucher } = chargeOf(context.ledger.txn(id));
  if (voucher === undefined) throw new Error(`${id} is being reversed without a voucher`);
  const command = { kind: 'reverse', trade, echo, amountCents, voucher } as const;
  const sent = context.devices.execute('payment-terminal', command, limitsOf(context, withinMs));
  context.probe('reverse.sent');
  const outcome = await sent;
  context.probe('reverse.answered');
  if (chargeOf(context.ledger.txn(id)).state === 'reversed') return { kind: 'reversed' };
  if (outcome.kind !== 'done') return { kind: 'pending', problem: outcome.problem };
  const { state } = outcome.reply;
  if (state === 'reversed')
    return recordReversed(context, id, evidenceText(outcome.evidence.method, outcome.evidence.value));
  if (state === 'approved')
    return { kind: 'pending', problem: problem('device.garbage', 'reversal answered approved') };
  return caseOf(context, id, 'reverse.refused', problem('device.refused', `reversal answered ${state}`));
}

function recordReversed(context: EffectContext, id: string, evidence: string): ReverseResult {
  const recorded = context.ledger.append(id, { step: 'reverse.done', evidence }, [settled(context, id, 'reversed')]);
  if (!recorded.ok) return { kind: 'pending', problem: recorded.problem };
  context.probe('reverse.recorded');
  return { kind: 'reversed' };
}

type ReverseReason = 'reverse.refused' | 'reverse.late' | 'reverse.impossible';

function caseOf(context: EffectContext, id: string, reason: ReverseReason, why: Problem): CaseResult {
  return context.ledger.txn(id).case ? unrecorded(context, id, why) : openCase(context, id, reason, why);
}

/**
 * Printing: counters first, intent with them, one print, outcome by the printer's own evidence. Nothing is ever printed
 * a second time by itself; when the answer is lost, the printer is asked what its counters say.
 */
import { pause } from '../../contract/clock.ts';
import { problem, type Problem } from '../../contract/outcome.schema.ts';
import type { Receipt } from '../../contract/receipt.schema.ts';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import {
  at,
  evidenceText,
  limitsOf,
  openCase,
  unrecorded,
  type CaseResult,
  type EffectContext,
} from './effect-context.ts';
import type { Txn } from './journal.schema.ts';
import { holdsMoney } from './txn.fold.ts';

export interface PrintRequest {
  readonly txn: string;
  /** Names this physical print for ever; drawn when absent. */
  readonly job?: string;
  readonly template: string;
  readonly receipt: Receipt;
}

export type PrintResult =
  | { readonly kind: 'printed'; readonly evidence: string }
  /** Nothing whole came out. */
  | { readonly kind: 'notPrinted'; readonly problem: Problem }
  | CaseResult;

/** What is known of a print. */
export type PrintAnswer =
  | { readonly kind: 'yes'; readonly evidence: string }
  | { readonly kind: 'no'; readonly effect: 'none' | 'partial'; readonly problem: Problem }
  | { readonly kind: 'cannotTell'; readonly problem: Problem }
  /** The printer could not even be asked. */
  | { readonly kind: 'away'; readonly problem: Problem };

type Delivery = NonNullable<Txn['delivery']>;
/** How often, and how far apart, the printer is asked while the resident waits. */
const SETTLE_DELAYS_MS = [500, 2_000, 4_000];

/** Prints once. A paid transaction without its slip becomes a case, and the resident is shown the code. */
export async function print(context: EffectContext, request: PrintRequest, signal: AbortSignal): Promise<PrintResult> {
  const { ledger, devices, probe, timing } = context;
  const { txn, template, receipt } = request;
  const counters = await readCounters(context, receipt, signal);
  if (counters.kind !== 'counters') return notBegun(context, txn, counters.problem);
  const { checkpoint } = counters;
  probe('print.intent.before');
  const job = request.job ?? ledger.newJob();
  const intent = ledger.append(txn, { step: 'deliver.intent', job, template, checkpoint }, []);
  if (!intent.ok) return notBegun(context, txn, intent.problem);
  probe('print.intent.after');
  const sent = devices.execute(
    'receipt-printer',
    { kind: 'print', job, receipt },
    limitsOf(context, timing.printMs, signal),
  );
  probe('print.sent');
  const outcome = await sent;
  probe('print.answered');
  if (outcome.kind === 'done') {
    const evidence = evidenceText(outcome.evidence.method, outcome.evidence.value);
    return settlePrint(context, txn, { kind: 'yes', evidence });
  }
  if (outcome.kind === 'failed') {
    return settlePrint(context, txn, { kind: 'no', effect: outcome.effect, problem: outcome.problem });
  }
  return settlePrint(context, txn, await askUntilSaid(context, txn, outcome.problem));
}

/** Asks the printer whether the job that was begun came out. Moves no paper. */
export async function askPrinter(context: EffectContext, id: string, withinMs: number): Promise<PrintAnswer> {
  const { job, checkpoint } = deliveryOf(context.ledger.txn(id));
  const command = { kind: 'settle', job, checkpoint } as const;
  const outcome = await context.devices.execute('receipt-printer', command, limitsOf(context, withinMs));
  context.probe('settle.answered');
  if (outcome.kind !== 'done') return { kind: 'away', problem: outcome.problem };
  const printed = outcome.reply.kind === 'settle' ? outcome.reply.printed : 'cannotTell';
  const evidence = evidenceText(outcome.evidence.method, outcome.evidence.value);
  if (printed === 'yes') return { kind: 'yes', evidence };
  if (printed === 'no') return { kind: 'no', effect: 'none', problem: problem('kiosk.interrupted', evidence) };
  return { kind: 'cannotTell', problem: problem('kiosk.interrupted', evidence) };
}

/** Records what became of a print the resident is waiting for. */
export function settlePrint(context: EffectContext, id: string, answer: PrintAnswer): PrintResult {
  switch (answer.kind) {
    case 'yes':
      return recordPrinted(context, id, answer.evidence);
    case 'no':
      return holdsMoney(context.ledger.txn(id))
        ? openCase(context, id, 'print.failed', answer.problem, [notPrinted(context, id, answer.problem)])
        : recordNotPrinted(context, id, answer);
    case 'cannotTell':
    case 'away':
      return openCase(context, id, 'print.unknown', answer.problem);
  }
}

export function recordPrinted(context: EffectContext, id: string, evidence: string): PrintResult {
  const event = { ...printSettled(context, id, 'printed'), evidence };
  const recorded = context.ledger.append(id, { step: 'deliver.done', evidence }, [event]);
  // The slip is out and the resident holds it; the next start asks the printer and records it then.
  if (recorded.ok) context.probe('print.recorded');
  return { kind: 'printed', evidence };
}

export function recordNotPrinted(
  context: EffectContext,
  id: string,
  answer: Extract<PrintAnswer, { kind: 'no' }>,
): PrintResult {
  const { effect, problem: why } = answer;
  const entry = { step: 'deliver.failed', problem: why, effect } as const;
  const recorded = context.ledger.append(id, entry, [notPrinted(context, id, why)]);
  if (recorded.ok) context.probe('print.recorded');
  return { kind: 'notPrinted', problem: recorded.ok ? why : recorded.problem };
}

/** With the slip in hand the printer's line also says how much paper it will take: only that lets a later `settle` say yes. */
async function readCounters(
  context: EffectContext,
  receipt: Receipt,
  signal: AbortSignal,
): Promise<{ kind: 'counters'; checkpoint: string } | { kind: 'none'; problem: Problem }> {
  const limits = limitsOf(context, context.timing.counterMs, signal);
  const outcome = await context.devices.execute('receipt-printer', { kind: 'checkpoint', receipt }, limits);
  context.probe('print.checkpoint');
  if (outcome.kind !== 'done') return { kind: 'none', problem: outcome.problem };
  if (outcome.reply.kind !== 'checkpoint') return { kind: 'none', problem: problem('device.garbage', 'no checkpoint') };
  return { kind: 'counters', checkpoint: outcome.reply.checkpoint };
}

/** No byte of the slip went out. */
function notBegun(context: EffectContext, id: string, why: Problem): PrintResult {
  const txn = context.ledger.txn(id);
  if (!holdsMoney(txn)) return { kind: 'notPrinted', problem: why };
  return txn.case ? unrecorded(context, id, why) : openCase(context, id, 'print.failed', why);
}

async function askUntilSaid(context: EffectContext, id: string, lost: Problem): Promise<PrintAnswer> {
  let answer: PrintAnswer = { kind: 'away', problem: lost };
  for (const delayMs of SETTLE_DELAYS_MS) {
    await pause(context.clock, delayMs);
    answer = await askPrinter(context, id, context.timing.counterMs);
    if (answer.kind !== 'away') break;
  }
  return answer;
}

function notPrinted(context: EffectContext, id: string, why: Problem): TerminalEvent {
  return { ...printSettled(context, id, 'notPrinted'), evidence: evidenceText(why.code, why.detail ?? '') };
}

function printSettled(context: EffectContext, id: string, state: 'printed' | 'notPrinted') {
  const { job, template } = deliveryOf(context.ledger.txn(id));
  return { type: 'PrintSettled', at: at(context), operation: id, job, template, state } as const;
}

function deliveryOf(txn: Txn): Delivery {
  if (!txn.delivery) throw new Error(`${txn.id} has no print`);
  return txn.delivery;
}

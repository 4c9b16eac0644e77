/** Printing: the counters, read with the slip in hand, are what a lost answer is settled by. */
import type { ReplyOf } from '../../contract/devices/device-classes.ts';
import { problem, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import type { Receipt } from '../../contract/receipt.schema.ts';
import {
  deliver,
  evidenceOf,
  type Deliverable,
  type Delivery,
  type DeliveryAnswer,
  type DeliveryKind,
} from './delivery.effect.ts';
import type { CaseResult, EffectContext } from './effect-context.ts';

export interface PrintRequest {
  readonly txn: string;
  /** Names this physical print for ever; drawn when absent. */
  readonly job?: string;
  readonly template: string;
  readonly receipt: Receipt;
  /** Deliverables of the transaction that are still to come after this one. */
  readonly more?: number;
}

export type PrintResult =
  | { readonly kind: 'printed'; readonly evidence: string }
  /** Nothing whole came out. */
  | { readonly kind: 'notPrinted'; readonly problem: Problem }
  | CaseResult;

/** Prints once. A paid transaction without its slip becomes a case, and the resident is shown the code. */
export async function print(context: EffectContext, request: PrintRequest, signal: AbortSignal): Promise<PrintResult> {
  const result = await deliver(context, printOf(request), signal);
  if (result.kind === 'given') return { kind: 'printed', evidence: result.evidence };
  return result.kind === 'notGiven' ? { kind: 'notPrinted', problem: result.problem } : result;
}

export const PRINT: DeliveryKind = {
  device: 'receipt-printer',
  points: 'print',
  failed: 'print.failed',
  unknown: 'print.unknown',
  async ask(devices, { job, checkpoint }, limits) {
    return readSettle(await devices.execute('receipt-printer', { kind: 'settle', job, checkpoint }, limits));
  },
  event(delivery) {
    const { job, template } = slipOf(delivery);
    const named = { type: 'PrintSettled', job, template } as const;
    return { done: { ...named, state: 'printed' }, failed: { ...named, state: 'notPrinted' } };
  },
};

function printOf({ txn, job: named, template, receipt, more }: PrintRequest): Deliverable {
  return {
    kind: PRINT,
    txn,
    job: named,
    /** With the slip the printer's line also says how much paper it will take: only that lets a later `settle` say yes. */
    async look(devices, limits) {
      const outcome = await devices.execute('receipt-printer', { kind: 'checkpoint', receipt }, limits);
      if (outcome.kind !== 'done') return { kind: 'notReady', problem: outcome.problem };
      if (outcome.reply.kind === 'checkpoint') return { kind: 'ready', checkpoint: outcome.reply.checkpoint };
      return { kind: 'notReady', problem: problem('device.garbage', 'no checkpoint') };
    },
    intent: (job, checkpoint) => ({
      ...{ step: 'deliver.intent', job, template, checkpoint },
      ...(more !== undefined && { more }),
    }),
    send: (devices, job, limits) => devices.execute('receipt-printer', { kind: 'print', job, receipt }, limits),
  };
}

function readSettle(outcome: Outcome<ReplyOf<'receipt-printer'>>): DeliveryAnswer {
  if (outcome.kind !== 'done') return { kind: 'away', problem: outcome.problem };
  const evidence = evidenceOf(outcome.evidence);
  const printed = outcome.reply.kind === 'settle' ? outcome.reply.printed : 'cannotTell';
  if (printed === 'yes') return { kind: 'yes', evidence };
  if (printed === 'no') return { kind: 'no', effect: 'none', problem: problem('kiosk.interrupted', evidence) };
  return { kind: 'cannotTell', problem: problem('kiosk.interrupted', evidence) };
}

function slipOf(delivery: Delivery): Extract<Delivery, { template: string }> {
  if ('template' in delivery) return delivery;
  throw new Error(`${delivery.job} is no print`);
}

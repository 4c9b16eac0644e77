/**
 * Giving something out, be it a slip or an open door: what the device says before, intent with it, one act, outcome by the
 * device's own evidence. Nothing is ever done a second time by itself; when the answer is lost, the device is asked.
 */
import { pause } from '../../contract/clock.ts';
import type { DeviceClass, Limits } from '../../contract/driver.ts';
import { problem, type Evidence, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import {
  at,
  evidenceText,
  limitsOf,
  openCase,
  unrecorded,
  type CaseResult,
  type EffectContext,
  type EffectDevices,
} from './effect-context.ts';
import type { CaseReason, EntryOf, Txn } from './journal.schema.ts';
import { copyNumber, holdsMoney } from './txn.fold.ts';

export type Delivery = NonNullable<Txn['delivery']>;

export type DeliveryResult =
  | { readonly kind: 'given'; readonly evidence: string }
  /** Nothing whole came out. */
  | { readonly kind: 'notGiven'; readonly problem: Problem }
  | CaseResult;

/** What is known of a delivery that was begun. */
export type DeliveryAnswer =
  | { readonly kind: 'yes'; readonly evidence: string }
  | { readonly kind: 'no'; readonly effect: 'none' | 'partial'; readonly problem: Problem }
  | { readonly kind: 'cannotTell'; readonly problem: Problem }
  /** The device could not even be asked. */
  | { readonly kind: 'away'; readonly problem: Problem };

/** What is the same for all deliveries of a kind: how they are asked about and told. */
export interface DeliveryKind {
  readonly device: DeviceClass;
  /** Their kill points: `print.sent`, `act.sent`. */
  readonly points: 'print' | 'act';
  readonly failed: CaseReason;
  readonly unknown: CaseReason;
  /** Asks whether it came out. Moves nothing. */
  ask(devices: EffectDevices, delivery: Delivery, limits: Limits): Promise<DeliveryAnswer>;
  event(delivery: Delivery): DeliveryEvent;
}

/** The record of how a delivery ended, without who, when and how. */
export interface DeliveryEvent {
  readonly done: NamedEnd;
  readonly failed: NamedEnd;
}
type NamedEnd =
  | Omit<Extract<TerminalEvent, { type: 'PrintSettled' }>, 'at' | 'operation' | 'evidence'>
  | Omit<Extract<TerminalEvent, { type: 'ActSettled' }>, 'at' | 'operation' | 'evidence'>;

/** One delivery that is to be begun. */
export interface Deliverable {
  readonly kind: DeliveryKind;
  readonly txn: string;
  /** Names this physical act for ever; drawn when absent. */
  readonly job: string | undefined;
  /** What the device says before; a problem when the act is not even begun. */
  look(devices: EffectDevices, limits: Limits): Promise<Look>;
  intent(job: string, checkpoint: string): EntryOf<'deliver.intent'>;
  send(devices: EffectDevices, job: string, limits: Limits): Promise<Outcome<unknown>>;
}

export type Look =
  { readonly kind: 'ready'; readonly checkpoint: string } | { readonly kind: 'notReady'; readonly problem: Problem };

/** How often, and how far apart, the device is asked while the resident waits. */
const SETTLE_DELAYS_MS = [500, 2_000, 4_000];

/** Does it once. What was paid for and did not surely come out becomes a case, and the resident is shown the code. */
export async function deliver(
  context: EffectContext,
  deliverable: Deliverable,
  signal: AbortSignal,
): Promise<DeliveryResult> {
  const { ledger, devices, probe, timing } = context;
  const { kind, txn } = deliverable;
  const { points } = kind;
  if (ledger.txn(txn).delivery?.state === 'started') return notAfterThis(context, txn);
  const look = await deliverable.look(devices, limitsOf(context, timing.counterMs, signal));
  probe(`${points}.checkpoint`);
  if (look.kind === 'notReady') return notBegun(context, kind, txn, look.problem);
  probe(`${points}.intent.before`);
  const job = deliverable.job ?? ledger.newJob();
  const intent = await context.append(txn, deliverable.intent(job, look.checkpoint), []);
  if (!intent.ok) return notBegun(context, kind, txn, intent.problem);
  probe(`${points}.intent.after`);
  const sent = deliverable.send(devices, job, limitsOf(context, timing.printMs, signal));
  probe(`${points}.sent`);
  const outcome = await sent;
  probe(`${points}.answered`);
  return settleDelivery(context, kind, txn, await answerTo(context, kind, txn, outcome));
}

/** Asks the device whether what was begun came out. */
export async function askDelivery(
  context: EffectContext,
  kind: DeliveryKind,
  id: string,
  withinMs: number,
): Promise<DeliveryAnswer> {
  const answer = await kind.ask(context.devices, deliveryOf(context.ledger.txn(id)), limitsOf(context, withinMs));
  context.probe('settle.answered');
  return answer;
}

/** Records what became of a delivery the resident is waiting for. */
export function settleDelivery(
  context: EffectContext,
  kind: DeliveryKind,
  id: string,
  answer: DeliveryAnswer,
): Promise<DeliveryResult> {
  const txn = context.ledger.txn(id);
  switch (answer.kind) {
    case 'yes':
      return recordGiven(context, kind, id, answer.evidence);
    case 'no':
      return holdsMoney(txn)
        ? openCase(context, id, failureOf(kind, txn), answer.problem, [notGiven(context, kind, id, answer.problem)])
        : recordNotGiven(context, kind, id, answer);
    case 'cannotTell':
    case 'away':
      return openCase(context, id, kind.unknown, answer.problem);
  }
}

export async function recordGiven(
  context: EffectContext,
  kind: DeliveryKind,
  id: string,
  evidence: string,
): Promise<DeliveryResult> {
  const txn = context.ledger.txn(id);
  const delivery = deliveryOf(txn);
  const named = kind.event(delivery).done;
  const copy = copyNumber(txn, delivery);
  const marked = named.type === 'PrintSettled' && copy > 0 ? { ...named, copy } : named;
  const event: TerminalEvent = { ...marked, at: at(context), operation: id, evidence };
  const recorded = await context.append(id, { step: 'deliver.done', evidence }, [event]);
  // It is out and the resident has it; the next start asks the device and records it then.
  if (recorded.ok) context.probe(`${kind.points}.recorded`);
  return { kind: 'given', evidence };
}

export async function recordNotGiven(
  context: EffectContext,
  kind: DeliveryKind,
  id: string,
  { effect, problem: why }: Extract<DeliveryAnswer, { kind: 'no' }>,
): Promise<DeliveryResult> {
  const entry = { step: 'deliver.failed', problem: why, effect } as const;
  const recorded = await context.append(id, entry, [notGiven(context, kind, id, why)]);
  if (recorded.ok) context.probe(`${kind.points}.recorded`);
  return { kind: 'notGiven', problem: recorded.ok ? why : recorded.problem };
}

export function evidenceOf({ method, value }: Evidence): string {
  return evidenceText(method, value);
}

/** No byte of the act went out. */
function notBegun(context: EffectContext, kind: DeliveryKind, id: string, why: Problem): Promise<DeliveryResult> {
  const txn = context.ledger.txn(id);
  if (!holdsMoney(txn)) return Promise.resolve({ kind: 'notGiven', problem: why });
  if (txn.case) return Promise.resolve(unrecorded(context, id, why));
  return openCase(context, id, failureOf(kind, txn), why);
}

/** How the delivery before it ended could not be written; the next start asks its device, and finds this one missing. */
function notAfterThis(context: EffectContext, id: string): DeliveryResult {
  const why = problem('kiosk.interrupted', 'the delivery before it is not settled');
  return holdsMoney(context.ledger.txn(id)) ? unrecorded(context, id, why) : { kind: 'notGiven', problem: why };
}

async function answerTo(
  context: EffectContext,
  kind: DeliveryKind,
  id: string,
  outcome: Outcome<unknown>,
): Promise<DeliveryAnswer> {
  if (outcome.kind === 'done') return { kind: 'yes', evidence: evidenceOf(outcome.evidence) };
  if (outcome.kind === 'failed') return { kind: 'no', effect: outcome.effect, problem: outcome.problem };
  let answer: DeliveryAnswer = { kind: 'away', problem: outcome.problem };
  for (const delayMs of SETTLE_DELAYS_MS) {
    await pause(context.clock, delayMs);
    answer = await askDelivery(context, kind, id, context.timing.counterMs);
    if (answer.kind !== 'away') break;
  }
  return answer;
}

/** Something else of the same transaction is with the resident already: staff must know. */
function failureOf(kind: DeliveryKind, txn: Txn): CaseReason {
  return txn.given ? 'delivery.partial' : kind.failed;
}

function notGiven(context: EffectContext, kind: DeliveryKind, id: string, why: Problem): TerminalEvent {
  const named = kind.event(deliveryOf(context.ledger.txn(id))).failed;
  return { ...named, at: at(context), operation: id, evidence: evidenceText(why.code, why.detail ?? '') };
}

function deliveryOf(txn: Txn): Delivery {
  if (!txn.delivery) throw new Error(`${txn.id} has no delivery`);
  return txn.delivery;
}

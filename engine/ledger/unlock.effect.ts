/**
 * Opening a door. The board is asked before, so that a door that stands open later proves something. A door that is shut when
 * it is asked again proves nothing, unless something still lies behind it: somebody may have taken and shut it.
 */
import type { ReplyOf } from '../../contract/devices/device-classes.ts';
import { problem, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import {
  deliver,
  evidenceOf,
  type Deliverable,
  type Delivery,
  type DeliveryAnswer,
  type DeliveryKind,
} from './delivery.effect.ts';
import type { CaseResult, EffectContext } from './effect-context.ts';

export interface UnlockRequest {
  readonly txn: string;
  readonly job?: string;
  /** As printed on the cabinet. */
  readonly door: number;
  /** Deliverables of the transaction that are still to come after this one. */
  readonly more?: number;
}

export type UnlockResult =
  | { readonly kind: 'opened'; readonly evidence: string }
  /** The door did not open. */
  | { readonly kind: 'notOpened'; readonly problem: Problem }
  | CaseResult;

/** Pulses the lock once. */
export async function unlock(
  context: EffectContext,
  request: UnlockRequest,
  signal: AbortSignal,
): Promise<UnlockResult> {
  const result = await deliver(context, doorOf(request), signal);
  if (result.kind === 'given') return { kind: 'opened', evidence: result.evidence };
  return result.kind === 'notGiven' ? { kind: 'notOpened', problem: result.problem } : result;
}

export const UNLOCK: DeliveryKind = {
  device: 'locker',
  points: 'act',
  failed: 'act.failed',
  unknown: 'act.unknown',
  async ask(devices, delivery, limits) {
    const { target, checkpoint } = actOf(delivery);
    return readDoor(await devices.execute('locker', { kind: 'state', door: Number(target) }, limits), checkpoint);
  },
  event(delivery) {
    const { job, act, target } = actOf(delivery);
    const named = { type: 'ActSettled', job, act, target } as const;
    return { done: { ...named, state: 'done' }, failed: { ...named, state: 'notDone' } };
  },
};

/** What the checkpoint says of a compartment. */
const FULL = 'shut, full';
const SHUT = 'shut';

function doorOf({ txn, job: named, door, more }: UnlockRequest): Deliverable {
  return {
    kind: UNLOCK,
    txn,
    job: named,
    async look(devices, limits) {
      const outcome = await devices.execute('locker', { kind: 'state', door }, limits);
      if (outcome.kind !== 'done') return { kind: 'notReady', problem: outcome.problem };
      const { reply } = outcome;
      if (reply.kind !== 'state') return { kind: 'notReady', problem: problem('device.garbage', 'no state') };
      if (reply.state === 'open') return { kind: 'notReady', problem: problem('locker.alreadyOpen', `door ${door}`) };
      if (reply.state === 'unknown') return { kind: 'notReady', problem: problem('locker.notCommissioned') };
      return { kind: 'ready', checkpoint: reply.occupied === true ? FULL : SHUT };
    },
    intent: (job, checkpoint) => ({
      ...{ step: 'deliver.intent', job, act: 'unlock', target: String(door), checkpoint },
      ...(more !== undefined && { more }),
    }),
    send: (devices, _job, limits) => devices.execute('locker', { kind: 'open', door }, limits),
  };
}

function readDoor(outcome: Outcome<ReplyOf<'locker'>>, checkpoint: string): DeliveryAnswer {
  if (outcome.kind !== 'done') return { kind: 'away', problem: outcome.problem };
  const { reply } = outcome;
  const evidence = evidenceOf(outcome.evidence);
  const why = problem('kiosk.interrupted', evidence);
  if (reply.kind !== 'state') return { kind: 'cannotTell', problem: why };
  if (reply.state === 'open') return { kind: 'yes', evidence };
  if (checkpoint === FULL && reply.occupied === false) return { kind: 'yes', evidence };
  if (checkpoint === FULL && reply.occupied === true && reply.state === 'closed') {
    return { kind: 'no', effect: 'none', problem: why };
  }
  return { kind: 'cannotTell', problem: why };
}

function actOf(delivery: Delivery): Extract<Delivery, { act: string }> {
  if ('act' in delivery) return delivery;
  throw new Error(`${delivery.job} is a print`);
}

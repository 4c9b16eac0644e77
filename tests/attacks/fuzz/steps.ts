/** All steps with their weights: most requests are good, so that the platform gets far; the rest is wrong in every known way. */
import fc from 'fast-check';
import * as batch from './batch-steps.ts';
import * as call from './call-steps.ts';
import * as envelope from './envelope-steps.ts';
import type { Model } from './model.ts';
import * as ops from './ops-steps.ts';
import type { PlatformUnderFuzz } from './platform-under-fuzz.ts';
import * as trust from './trust-steps.ts';
import { Step, type Act } from './step.ts';

const WEIGHTED: readonly (readonly [weight: number, act: Act])[] = [
  [18, batch.sendNext],
  [6, batch.sendAgain],
  [3, batch.sendGap],
  [3, batch.sendFork],
  [3, batch.sendBroken],
  [2, batch.sendMisshapen],
  [1, batch.beginAnew],
  [1, batch.sendElsewhere],
  [6, call.heartbeat],
  [5, call.lease],
  [5, call.quote],
  [4, call.fingers],
  [3, call.code],
  [3, call.face],
  [2, call.misshapenCall],
  [1, envelope.unsigned],
  [2, envelope.wronglySigned],
  [1, envelope.agreedKeyForBatch],
  [1, envelope.notItsOwn],
  [1, envelope.replayed],
  [1, envelope.outOfTime],
  [1, envelope.tooLarge],
  [1, envelope.notJson],
  [1, envelope.otherType],
  [1, envelope.nowhere],
  [1, envelope.suspendOrResume],
  [1, envelope.suspendNobody],
  [1, envelope.refusedThenGood],
  [4, envelope.wait],
  [2, ops.pages],
  [1, ops.foreign],
  [2, ops.takeCase],
  [3, ops.closeCase],
  [2, ops.askOperation],
  [1, ops.seenAlarm],
  [1, ops.desk],
  [1, trust.giveCode],
  [2, trust.enrol],
  [1, trust.enrolUnsigned],
  [1, trust.keysNotProven],
  [2, trust.documents],
  [1, trust.atTheDesk],
  [1, trust.watch],
];

const STEPS: readonly Act[] = WEIGHTED.flatMap(([weight, act]) => Array.from({ length: weight }, () => act));

export function someSteps(atMost: number): fc.Arbitrary<Iterable<fc.AsyncCommand<Model, PlatformUnderFuzz>>> {
  const step = fc.tuple(fc.nat({ max: STEPS.length - 1 }), fc.nat({ max: 2_147_483_000 })).map(([which, seed]) => {
    const act = STEPS[which];
    if (!act) throw new Error('no such step');
    return new Step(act.name, act, seed);
  });
  return fc.commands([step], { maxCommands: atMost, size: 'max' });
}

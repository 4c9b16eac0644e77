/** Looks down from the session to the step that is being walked right now. */
import type { AnyActorRef, AnyMachineSnapshot } from 'xstate';
import type { StepDefinition } from '../../contract/service.schema.ts';
import { COMMITTED, WORKING } from './flow.types.ts';
import type { ServiceContext } from './service.machine.ts';

export interface ActiveStep {
  readonly definition: StepDefinition;
  readonly snapshot: AnyMachineSnapshot;
}

/** Undefined between two steps and when nothing is walked. */
export function activeStep(walk: AnyActorRef | undefined): ActiveStep | undefined {
  const service = walk?.getSnapshot() as (AnyMachineSnapshot & { context: ServiceContext }) | undefined;
  if (service?.status !== 'active') return undefined;
  const { step, input, index } = service.context;
  const definition = input.service.steps[index];
  if (!step || !definition) return undefined;
  return { definition, snapshot: step.getSnapshot() as AnyMachineSnapshot };
}

/** Money or paper is moving: nothing on the glass may end this. */
export function isCommitted(walk: AnyActorRef | undefined): boolean {
  return activeStep(walk)?.snapshot.hasTag(COMMITTED) ?? false;
}

/** The machine works and the resident waits: their silence means nothing. */
export function isWorking(walk: AnyActorRef | undefined): boolean {
  return activeStep(walk)?.snapshot.hasTag(WORKING) ?? false;
}

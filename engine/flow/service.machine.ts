/** Walks the steps of a ServiceDefinition: forward with each answer, back to the last page that asked something. */
import { assign, sendTo, setup, type AnyActorRef, type AnyStateMachine, type DoneActorEvent } from 'xstate';
import type { ServiceDefinition, StepDefinition } from '../../contract/service.schema.ts';
import type { Answers, FlowEvent, LeaveReason, StepInput, StepOutput } from './flow.types.ts';
import { STEPS } from './steps/step-registry.ts';

/** Everything a step needs besides its own definition and what the steps before it answered. */
export type ServiceInput = Omit<StepInput, 'definition' | 'answers'> & { readonly service: ServiceDefinition };

export interface ServiceContext {
  readonly input: ServiceInput;
  readonly answers: Answers;
  /** Index of the step being walked; past the end means done. */
  readonly index: number;
  readonly step: AnyActorRef | undefined;
  readonly ended: ServiceOutput;
}

export interface ServiceOutput {
  readonly because: LeaveReason;
  readonly answers: Answers;
  readonly claimCode?: string | undefined;
}

const STEP = 'step';
const STEP_DONE = `xstate.done.actor.${STEP}` as const;
/** The machine is looked up in the registry, so its type is not among those `setup` knows. */
type SpawnAny = (machine: AnyStateMachine, options: { id: string; input: unknown }) => AnyActorRef;

/** Pages that a resident can go back to; the others act by themselves. */
const ASKING: readonly StepDefinition['kind'][] = ['guide', 'choose', 'fill', 'price', 'review'];

function previousIndex(steps: readonly StepDefinition[], index: number): number {
  for (let earlier = index - 1; earlier >= 0; earlier -= 1) {
    const step = steps[earlier];
    if (step && ASKING.includes(step.kind)) return earlier;
  }
  return -1;
}

/** The walk passes over the asides, unless it has been led to one: behind an aside it goes on step by step. */
function followingIndex(steps: readonly StepDefinition[], index: number): number {
  const isAside = (at: number) => {
    const step = steps[at];
    return step !== undefined && 'aside' in step && step.aside === true;
  };
  if (isAside(index)) return index + 1;
  const next = steps.findIndex((_step, at) => at > index && !isAside(at));
  return next === -1 ? steps.length : next;
}

function advance(context: ServiceContext, output: StepOutput): Partial<ServiceContext> {
  const { steps } = context.input.service;
  const current = steps[context.index];
  switch (output.went) {
    case 'on': {
      const answers = current ? { ...context.answers, [current.id]: output.answer } : context.answers;
      return { index: followingIndex(steps, context.index), answers, ended: { because: 'done', answers } };
    }
    case 'back':
      return { index: previousIndex(steps, context.index), ended: { because: 'cancelled', answers: {} } };
    case 'to':
      return {
        index: steps.findIndex((step) => step.id === output.step),
        ended: { because: 'cancelled', answers: {} },
      };
    case 'leave':
      return {
        index: steps.length,
        ended: { because: output.because, answers: context.answers, claimCode: output.claimCode },
      };
  }
}

export const serviceMachine = setup({
  types: {} as { context: ServiceContext; input: ServiceInput; events: FlowEvent; output: ServiceOutput },
  actions: {
    toStep: sendTo(
      () => STEP,
      ({ event }) => event as FlowEvent,
    ),
    takeOutput: assign(({ context, event }) =>
      advance(context, (event as unknown as DoneActorEvent<StepOutput>).output),
    ),
    // Started here and dropped on the way out, so that an ended step keeps nothing of the resident.
    startStep: assign({
      step: ({ context, spawn }) => {
        const definition = context.input.service.steps[context.index];
        if (!definition) throw new Error('guarded: there is a step');
        const input = { ...context.input, definition, answers: context.answers };
        return (spawn as unknown as SpawnAny)(STEPS[definition.kind].machine, { id: STEP, input });
      },
    }),
    dropStep: assign({ step: undefined }),
  },
  guards: {
    isStepWalked: ({ context }) => context.step?.getSnapshot().status === 'active',
    isOver: ({ context }) => context.index < 0 || context.index >= context.input.service.steps.length,
  },
}).createMachine({
  id: 'service',
  context: ({ input }) => ({
    input,
    answers: {},
    index: 0,
    step: undefined,
    ended: { because: 'cancelled', answers: {} },
  }),
  initial: 'deciding',
  states: {
    deciding: { always: [{ guard: 'isOver', target: 'over' }, { target: 'walking' }] },
    walking: {
      entry: 'startStep',
      on: {
        [STEP_DONE]: { actions: 'takeOutput', target: 'changing' },
        '*': { guard: 'isStepWalked', actions: 'toStep' },
      },
    },
    changing: { entry: 'dropStep', always: 'deciding' },
    over: { type: 'final' },
  },
  output: ({ context }) => context.ended,
});

/** Takes the next number of a queue from this terminal's leased block; works with the line cut. */
import { setup, type SnapshotFrom } from 'xstate';
import type { Problem } from '../../../contract/outcome.schema.ts';
import type { FlowEvent, Page, Scene, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import type { IssuedTicket } from '../ports.ts';
import { problemScreen } from '../problem-screen.ts';
import { asModule } from './step-module.ts';

interface Context extends StepInput<'issue-ticket'> {
  readonly queue: string;
  readonly ticket?: IssuedTicket;
  readonly problem?: Problem;
}

const machine = setup({
  types: {} as { context: Context; events: FlowEvent; input: StepInput<'issue-ticket'>; output: StepOutput },
}).createMachine({
  id: 'issue-ticket',
  // The number is one ledger commit, so it is taken once, when the step starts, and not again on any later event.
  context: ({ input }) => {
    const queue = queueOf(input);
    const issued = input.ports.issueTicket(queue);
    return { ...input, queue, ...(issued.ok ? { ticket: issued.value } : { problem: issued.problem }) };
  },
  initial: 'deciding',
  states: {
    deciding: {
      always: [{ guard: ({ context }) => context.ticket !== undefined, target: 'issued' }, { target: 'trouble' }],
    },
    trouble: { on: { next: 'left' } },
    issued: {
      type: 'final',
      output: ({ context }): StepOutput => {
        if (!context.ticket) return { went: 'leave', because: 'cancelled' };
        return { went: 'on', answer: { kind: 'ticket', queue: context.queue, ...context.ticket } };
      },
    },
    left: { type: 'final', output: { went: 'leave', because: 'cancelled' } satisfies StepOutput },
  },
  output: ({ event }) => event.output as StepOutput,
});

function queueOf({ definition, answers }: StepInput<'issue-ticket'>): string {
  if ('queue' in definition) return definition.queue;
  const chosen = answers[definition.choose];
  return chosen?.kind === 'chosen' ? chosen.option : '';
}

function view(snapshot: SnapshotFrom<typeof machine>, scene: Scene): Page | undefined {
  const { problem } = snapshot.context;
  if (!problem) return undefined;
  return { name: 'ticket.trouble', screen: problemScreen(scene, problem, { picture: 'trouble', actions: ['end'] }) };
}

export const issueTicketStep: StepModule = asModule({ kind: 'issue-ticket', machine, view, needs: [] });

/** R6: what you get, what you need, how long, what it costs, before anything is asked. */
import { setup, type SnapshotFrom } from 'xstate';
import type { FlowEvent, Page, Scene, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import { asModule } from './step-module.ts';

const machine = setup({
  types: {} as { context: StepInput<'guide'>; events: FlowEvent; input: StepInput<'guide'>; output: StepOutput },
}).createMachine({
  id: 'guide',
  context: ({ input }) => input,
  initial: 'reading',
  states: {
    reading: { on: { next: 'understood', back: 'turnedBack' } },
    understood: { type: 'final', output: { went: 'on', answer: { kind: 'none' } } satisfies StepOutput },
    turnedBack: { type: 'final', output: { went: 'back' } satisfies StepOutput },
  },
  output: ({ event }) => event.output as StepOutput,
});

function view(snapshot: SnapshotFrom<typeof machine>, { speech }: Scene): Page {
  const { service } = snapshot.context;
  const key = `service.${service.id}.guide`;
  const rows = (['gets', 'needs', 'minutes', 'fee'] as const).map((row) => ({
    label: speech.say(`guide.${row}`),
    value: speech.say(`${key}.${row}`),
  }));
  return {
    name: 'guide',
    screen: {
      kind: 'service-start',
      title: speech.say(`service.${service.id}.name`),
      subtitle: speech.say(`${key}.subtitle`),
      picture: service.picture,
      rows,
      back: speech.say('action.back'),
      next: speech.say('action.begin'),
    },
  };
}

export const guideStep: StepModule = asModule({ kind: 'guide', machine, view, needs: [] });

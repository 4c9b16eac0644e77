/** R7: one question, a few answers. Here: which window's queue. */
import { assign, setup, type SnapshotFrom } from 'xstate';
import type { Choice } from '../../../contract/view.schema.ts';
import type { FlowEvent, Page, Scene, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import { asModule } from './step-module.ts';

const machine = setup({
  types: {} as {
    context: StepInput<'choose'> & { readonly option?: string };
    events: FlowEvent;
    input: StepInput<'choose'>;
    output: StepOutput;
  },
  guards: {
    isOffered: ({ context, event }) =>
      event.type === 'choose' && context.definition.options.some((option) => option.id === event.option),
  },
}).createMachine({
  id: 'choose',
  context: ({ input }) => input,
  initial: 'choosing',
  states: {
    choosing: {
      on: {
        choose: { guard: 'isOffered', actions: assign({ option: ({ event }) => event.option }), target: 'chosen' },
        back: 'turnedBack',
      },
    },
    chosen: {
      type: 'final',
      output: ({ context }): StepOutput => ({ went: 'on', answer: { kind: 'chosen', option: context.option ?? '' } }),
    },
    turnedBack: { type: 'final', output: { went: 'back' } satisfies StepOutput },
  },
  output: ({ event }) => event.output as StepOutput,
});

function view(snapshot: SnapshotFrom<typeof machine>, { speech, queueFact }: Scene): Page {
  const { definition, service } = snapshot.context;
  const key = `service.${service.id}.${definition.id}`;
  const choices: Choice[] = definition.options.map((option, index) => {
    const fact = queueFact(option.id);
    const detail = fact && speech.say('queue.aheadAsOf', { ahead: fact.ahead, time: fact.asOf });
    return {
      id: option.id,
      label: speech.say(`${key}.${option.id}`),
      badge: index + 1,
      ...(option.picture ? { picture: option.picture } : {}),
      ...(detail ? { detail } : {}),
    };
  });
  return {
    name: `choose.${definition.id}`,
    screen: {
      kind: 'question',
      topic: 'queue',
      title: speech.say(`${key}.title`),
      subtitle: speech.say(`${key}.subtitle`),
      choices,
      back: speech.say('action.back'),
    },
  };
}

export const chooseStep: StepModule = asModule({ kind: 'choose', machine, view, needs: [] });

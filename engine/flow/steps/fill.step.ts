/** R8: a licence plate, typed on our own keys. The renderer keeps what is being typed; here it is checked and kept. */
import { assign, setup, type SnapshotFrom } from 'xstate';
import type { FlowEvent, Page, Scene, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import { PLATE_KEYS, PLATE_MAX, PLATE_MIN, PROVINCES, plateFault, type PlateFault } from '../plate.ts';
import { asModule } from './step-module.ts';

interface Context extends StepInput<'fill'> {
  readonly typed: string;
  /** A page that was answered is answered: each correction is asked on a page of its own. */
  readonly asked: number;
  readonly fault?: PlateFault | undefined;
}

const machine = setup({
  types: {} as { context: Context; events: FlowEvent; input: StepInput<'fill'>; output: StepOutput },
  guards: { canExist: ({ event }) => event.type === 'enter' && plateFault(event.value) === undefined },
}).createMachine({
  id: 'fill',
  context: ({ input }) => {
    const earlier = input.answers[input.definition.id];
    return { ...input, typed: earlier?.kind === 'plate' ? earlier.plate : input.platePrefix, asked: 1 };
  },
  initial: 'typing',
  states: {
    typing: {
      on: {
        enter: [
          { guard: 'canExist', actions: assign({ typed: ({ event }) => event.value }), target: 'typed' },
          {
            actions: assign({
              typed: ({ event }) => event.value,
              fault: ({ event }) => plateFault(event.value),
              asked: ({ context }) => context.asked + 1,
            }),
            target: 'correcting',
          },
        ],
        back: 'turnedBack',
      },
    },
    correcting: {
      on: {
        enter: [
          { guard: 'canExist', actions: assign({ typed: ({ event }) => event.value }), target: 'typed' },
          {
            actions: assign({
              typed: ({ event }) => event.value,
              fault: ({ event }) => plateFault(event.value),
              asked: ({ context }) => context.asked + 1,
            }),
          },
        ],
        back: 'turnedBack',
      },
    },
    typed: {
      type: 'final',
      output: ({ context }): StepOutput => ({ went: 'on', answer: { kind: 'plate', plate: context.typed } }),
    },
    turnedBack: { type: 'final', output: { went: 'back' } satisfies StepOutput },
  },
  output: ({ event }) => event.output as StepOutput,
});

function view(snapshot: SnapshotFrom<typeof machine>, { speech }: Scene): Page {
  const { typed, fault, asked } = snapshot.context;
  return {
    name: `fill.plate.${asked}`,
    screen: {
      kind: 'pad',
      title: speech.say('plate.title'),
      subtitle: speech.say('plate.subtitle'),
      prefill: typed,
      firstKeys: PROVINCES,
      keys: PLATE_KEYS,
      minLength: PLATE_MIN,
      maxLength: PLATE_MAX,
      erase: speech.say('plate.erase'),
      clear: speech.say('plate.clear'),
      ...(fault ? { error: speech.say(`plate.fault.${fault}`) } : {}),
      back: speech.say('action.back'),
      next: speech.say('action.next'),
    },
  };
}

export const fillStep: StepModule = asModule({ kind: 'fill', machine, view, needs: [] });

/** R10: check before the money moves. */
import { assign, setup, type SnapshotFrom } from 'xstate';
import type { DueQuote, FlowEvent, Page, Scene, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import { maskPlate } from '../mask.ts';
import { asModule } from './step-module.ts';
import { durationText } from './price.step.ts';

interface Context extends StepInput<'review'> {
  readonly change?: string;
}

const machine = setup({
  types: {} as { context: Context; events: FlowEvent; input: StepInput<'review'>; output: StepOutput },
  guards: {
    canChange: ({ context, event }) => event.type === 'choose' && context.answers[event.option]?.kind === 'plate',
  },
}).createMachine({
  id: 'review',
  context: ({ input }) => input,
  initial: 'checking',
  states: {
    checking: {
      on: {
        next: 'agreed',
        back: 'turnedBack',
        choose: { guard: 'canChange', actions: assign({ change: ({ event }) => event.option }), target: 'changing' },
      },
    },
    agreed: { type: 'final', output: { went: 'on', answer: { kind: 'none' } } satisfies StepOutput },
    changing: { type: 'final', output: ({ context }): StepOutput => ({ went: 'to', step: context.change ?? '' }) },
    turnedBack: { type: 'final', output: { went: 'back' } satisfies StepOutput },
  },
  output: ({ event }) => event.output as StepOutput,
});

/** The quote that a price step left; a service that reviews or pays without one is a faulty definition. */
export function quoteAnswer(input: Pick<StepInput, 'answers'>, step: string): { plate: string; quote: DueQuote } {
  const answer = input.answers[step];
  if (answer?.kind !== 'quote') throw new Error(`step ${step} has left no quote`);
  return answer;
}

function view(snapshot: SnapshotFrom<typeof machine>, { speech }: Scene): Page {
  const { context } = snapshot;
  const { plate, quote } = quoteAnswer(context, context.definition.price);
  const fillId = Object.keys(context.answers).find((id) => context.answers[id]?.kind === 'plate');
  return {
    name: 'review',
    screen: {
      kind: 'review',
      title: speech.say('review.title'),
      subtitle: speech.say('review.subtitle'),
      rows: [
        {
          label: speech.say('plate.label'),
          value: maskPlate(plate),
          ...(fillId ? { change: { id: fillId, label: speech.say('action.change') } } : {}),
        },
        { label: speech.say('review.place'), value: quote.place[speech.locale] },
        { label: speech.say('review.parked'), value: durationText(speech, quote.parkedMinutes) },
      ],
      total: { label: speech.say('review.total'), amount: speech.amount(quote.dueCents) },
      back: speech.say('action.back'),
      next: speech.say('action.toPay'),
    },
  };
}

export const reviewStep: StepModule = asModule({ kind: 'review', machine, view, needs: [] });

/** What it costs, from the platform's tariff, and why. Offline it refuses to price: a guessed price is a wrong charge. */
import { assign, fromPromise, setup, type SnapshotFrom } from 'xstate';
import { problem, type Problem, type Result } from '../../../contract/outcome.schema.ts';
import type { ParkingQuote } from '../../../contract/platform-api.schema.ts';
import type { DueQuote, FlowEvent, Holder, Page, Scene, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import { WORKING } from '../flow.types.ts';
import { maskPlate } from '../mask.ts';
import { problemScreen } from '../problem-screen.ts';
import type { Speech } from '../texts.ts';
import { asModule } from './step-module.ts';

interface Context extends StepInput<'price'> {
  readonly plate: string;
  readonly quote?: DueQuote;
  readonly problem?: Problem;
  readonly paidAt?: string;
}

const machine = setup({
  types: {} as { context: Context; events: FlowEvent; input: StepInput<'price'>; output: StepOutput },
  actors: {
    askPrice: fromPromise<Result<ParkingQuote>, Context>(({ input }) =>
      input.ports.quoteParking(input.plate, livelihoodCard(input.holder)),
    ),
  },
}).createMachine({
  id: 'price',
  context: ({ input }) => {
    const filled = input.answers[input.definition.fill];
    return { ...input, plate: filled?.kind === 'plate' ? filled.plate : '' };
  },
  initial: 'asking',
  states: {
    asking: {
      tags: WORKING,
      invoke: {
        src: 'askPrice',
        input: ({ context }) => context,
        onDone: [
          {
            guard: ({ event }) => event.output.ok && event.output.value.state === 'due',
            actions: assign({ quote: ({ event }) => dueOf(event.output) }),
            target: 'showing',
          },
          { actions: assign(({ event }) => troubleOf(event.output)), target: 'trouble' },
        ],
        onError: { actions: assign({ problem: problem('platform.badAnswer') }), target: 'trouble' },
      },
      on: { back: 'turnedBack' },
    },
    showing: { on: { next: 'agreed', back: 'turnedBack' } },
    trouble: { on: { back: 'turnedBack', retry: 'asking', next: 'left' } },
    agreed: {
      type: 'final',
      output: ({ context }): StepOutput =>
        context.quote
          ? { went: 'on', answer: { kind: 'quote', plate: context.plate, quote: context.quote } }
          : { went: 'back' },
    },
    turnedBack: { type: 'final', output: { went: 'back' } satisfies StepOutput },
    left: { type: 'final', output: { went: 'leave', because: 'cancelled' } satisfies StepOutput },
  },
  output: ({ event }) => event.output as StepOutput,
});

/** Only this card earns the discount; its number is what proves it. */
function livelihoodCard(holder: Holder | undefined): string | undefined {
  return holder?.cardKind === 'livelihood-card' ? holder.cardNumber : undefined;
}

function dueOf(answer: Result<ParkingQuote>): DueQuote {
  if (!answer.ok || answer.value.state !== 'due') throw new Error('guarded: the quote is due');
  return answer.value;
}

function troubleOf(answer: Result<ParkingQuote>): Partial<Context> {
  if (!answer.ok) return { problem: answer.problem };
  if (answer.value.state === 'alreadyPaid')
    return { problem: problem('parking.alreadyPaid'), paidAt: answer.value.paidAt };
  return { problem: problem('parking.noCarFound') };
}

export function durationText(speech: Speech, minutes: number): string {
  return speech.say('duration.hoursMinutes', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

function view(snapshot: SnapshotFrom<typeof machine>, scene: Scene): Page {
  const { speech } = scene;
  const { plate, quote, problem: trouble, paidAt } = snapshot.context;
  if (snapshot.matches('asking'))
    return {
      name: 'price.asking',
      screen: {
        kind: 'working',
        act: 'price',
        title: speech.say('price.asking'),
        subtitle: maskPlate(plate),
        picture: 'wait',
        steps: [{ label: speech.say('price.asking'), state: 'now' }],
        back: speech.say('action.back'),
      },
    };
  if (trouble)
    return {
      name: 'price.trouble',
      screen: problemScreen(scene, trouble, {
        picture: trouble.code === 'platform.offline' ? 'offline' : 'parking',
        money: speech.say('money.nothingCharged'),
        ...(paidAt ? { title: speech.say('price.alreadyPaidAt', { time: paidAt }) } : {}),
        actions: trouble.code.startsWith('platform.')
          ? ['retry', 'end']
          : trouble.code === 'parking.noCarFound'
            ? ['back', 'end']
            : ['end'],
      }),
    };
  if (!quote) throw new Error('a price is shown only with a quote');
  const amount = (cents: number) => speech.say('money.yuan', { amount: speech.amount(cents) });
  return {
    name: 'price.showing',
    screen: {
      kind: 'price',
      title: speech.say('price.title'),
      subtitle: speech.say('price.subtitle', {
        plate: maskPlate(plate),
        place: quote.place[speech.locale],
        duration: durationText(speech, quote.parkedMinutes),
      }),
      amount: speech.amount(quote.dueCents),
      rows: [
        { label: speech.say('price.full'), value: amount(quote.fullCents) },
        ...(quote.discountCents > 0
          ? [{ label: speech.say('price.cardDiscount'), value: `− ${amount(quote.discountCents)}` }]
          : []),
      ],
      why: speech.say(`price.why.${quote.why}`),
      back: speech.say('action.back'),
      next: speech.say('action.next'),
    },
  };
}

export const priceStep: StepModule = asModule({ kind: 'price', machine, view, needs: [] });

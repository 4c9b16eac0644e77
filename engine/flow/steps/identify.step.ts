/** R2, R3, R4: which card, lay it down, is that you? Every trouble of the card has its own picture and words; no card is a way on, too. */
import { assign, fromPromise, setup, type SnapshotFrom } from 'xstate';
import { problem, type Outcome, type Problem } from '../../../contract/outcome.schema.ts';
import type { SmartCardReply } from '../../../contract/devices/smart-card-reader.schema.ts';
import type { Choice, Picture, ScreenOf } from '../../../contract/view.schema.ts';
import type { FlowEvent, Holder, Page, Scene, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import { WORKING } from '../flow.types.ts';
import { maskName } from '../mask.ts';
import { asModule } from './step-module.ts';

const READ_MS = 8_000;

interface Context extends StepInput<'identify'> {
  readonly route: string;
  readonly holder?: Holder;
  readonly trouble?: Problem;
}

const machine = setup({
  types: {} as { context: Context; events: FlowEvent; input: StepInput<'identify'>; output: StepOutput },
  actors: {
    read: fromPromise<Outcome<SmartCardReply>, Context>(({ input, signal }) =>
      input.ports.devices.execute(
        'smart-card-reader',
        { kind: 'read' },
        { deadline: input.ports.clock.now() + READ_MS, signal },
      ),
    ),
  },
  guards: {
    isNoCard: ({ event }) => event.type === 'choose' && event.option === 'no-card',
    isAccepted: ({ context, event }) => event.type === 'choose' && context.definition.accepts.includes(event.option),
    wasRead: ({ event }) => 'output' in event && (event.output as Outcome<SmartCardReply>).kind === 'done',
  },
}).createMachine({
  id: 'identify',
  context: ({ input }) => ({ ...input, route: input.definition.accepts[0] ?? '' }),
  initial: 'choosing',
  states: {
    choosing: {
      on: {
        choose: [
          { guard: 'isNoCard', target: 'withoutCard' },
          { guard: 'isAccepted', actions: assign({ route: ({ event }) => event.option }), target: 'awaitingCard' },
        ],
        'card.present': 'reading',
        back: 'turnedBack',
      },
    },
    /** Waits for a card to arrive: one that only lies there may have been left by the resident before. */
    awaitingCard: {
      on: { 'card.present': 'reading', back: 'choosing', next: 'withoutCard' },
    },
    reading: {
      tags: WORKING,
      invoke: {
        src: 'read',
        input: ({ context }) => context,
        onDone: [
          { guard: 'wasRead', actions: assign(({ event }) => holderOf(event.output)), target: 'greeting' },
          { actions: assign(({ event }) => ({ trouble: troubleOf(event.output) })), target: 'troubled' },
        ],
        onError: { actions: assign({ trouble: problem('card.unreadable') }), target: 'troubled' },
      },
    },
    /** The bad card must leave before the next try, or the same card would be read again and again. */
    troubled: {
      on: { 'card.present': 'reading', back: 'choosing', next: 'withoutCard' },
    },
    greeting: { on: { next: 'known', back: 'notMe' } },
    known: {
      type: 'final',
      output: ({ context }): StepOutput =>
        context.holder ? { went: 'on', answer: { kind: 'holder', holder: context.holder } } : { went: 'back' },
    },
    withoutCard: { type: 'final', output: { went: 'on', answer: { kind: 'none' } } satisfies StepOutput },
    /** "No, that is not me": nothing of the card is kept, and the card goes back first. */
    notMe: { type: 'final', output: { went: 'leave', because: 'cancelled' } satisfies StepOutput },
    turnedBack: { type: 'final', output: { went: 'back' } satisfies StepOutput },
  },
  output: ({ event }) => event.output as StepOutput,
});

function holderOf(outcome: Outcome<SmartCardReply>): Partial<Context> {
  if (outcome.kind !== 'done') throw new Error('guarded: the card was read');
  const { cardKind, cardNumber, holderName } = outcome.reply;
  return { holder: { cardKind, cardNumber, ...(holderName === undefined ? {} : { holderName }) } };
}

function troubleOf(outcome: Outcome<SmartCardReply>): Problem {
  return outcome.kind === 'done' ? problem('card.unreadable') : outcome.problem;
}

type CardState = ScreenOf<'present-card'>['state'];

const TROUBLES: Readonly<Record<string, { state: CardState; picture: Picture }>> = {
  'card.removed': { state: 'left-early', picture: 'card-left-early' },
  'card.unknown': { state: 'unknown', picture: 'card-unknown' },
  'card.expired': { state: 'expired', picture: 'card-unknown' },
};

const ROUTES: Readonly<Record<string, Picture>> = {
  'livelihood-card': 'livelihood-card',
  'social-security-card': 'social-security-card',
};

function choicePage({ definition, ports }: Context, { speech }: Scene): Page {
  const reader = ports.devices.status('smart-card-reader').device;
  const closed =
    reader === 'online' || reader === 'deviceBusy' ? {} : { unavailable: speech.say('unavailable.device') };
  const cards: Choice[] = definition.accepts.map((route, index) => ({
    id: route,
    label: speech.say(`card.${route}`),
    badge: index + 1,
    picture: ROUTES[route] ?? 'livelihood-card',
    ...closed,
  }));
  const noCard: Choice = {
    id: 'no-card',
    label: speech.say('card.none'),
    detail: speech.say('card.noneDetail'),
    badge: cards.length + 1,
    picture: 'no-card',
  };
  return {
    name: 'identify.choosing',
    screen: {
      kind: 'question',
      topic: 'identify',
      title: speech.say('identify.title'),
      subtitle: speech.say('identify.subtitle'),
      choices: [...cards, noCard],
      back: speech.say('action.back'),
    },
  };
}

function cardPage(state: CardState, picture: Picture, { speech }: Scene, quiet = false): Page {
  return {
    name: 'identify.card',
    screen: {
      kind: 'present-card',
      state,
      title: speech.say(`card.state.${state}.title`),
      subtitle: speech.say(`card.state.${state}.subtitle`),
      picture,
      ...(quiet ? {} : { back: speech.say('action.back'), next: speech.say('card.none') }),
    },
  };
}

function troublePage({ trouble }: Context, scene: Scene): Page {
  const known = TROUBLES[trouble?.code ?? ''] ?? { state: 'unreadable', picture: 'card-unknown' };
  return cardPage(known.state, known.picture, scene);
}

function greetingPage({ holder }: Context, { speech }: Scene): Page {
  const name = holder?.holderName;
  return {
    name: 'identify.greeting',
    screen: {
      kind: 'greeting',
      title: speech.say('greeting.title'),
      name: name === undefined ? speech.say('greeting.noName') : maskName(name),
      notice: speech.say('greeting.notice'),
      yes: speech.say('greeting.yes'),
      no: speech.say('greeting.no'),
    },
  };
}

function view(snapshot: SnapshotFrom<typeof machine>, scene: Scene): Page {
  const { context } = snapshot;
  if (snapshot.matches('choosing')) return choicePage(context, scene);
  if (snapshot.matches('awaitingCard')) return cardPage('waiting', 'card-on-reader', scene);
  if (snapshot.matches('reading')) return cardPage('reading', 'card-reading', scene, true);
  if (snapshot.matches('troubled')) return troublePage(context, scene);
  return greetingPage(context, scene);
}

export const identifyStep: StepModule = asModule({ kind: 'identify', machine, view, needs: [] });

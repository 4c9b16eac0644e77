/**
 * R2, R3, R4: which card, lay it down, is that you? Three kinds of card on two readers, one page for every state of each.
 * Three retries, then another card or a person; no card is a way on, too. What a failed read has seen is never kept.
 */
import { assign, fromPromise, setup } from 'xstate';
import type { IdCardReply } from '../../../contract/devices/id-card-reader.schema.ts';
import type { SmartCardReply } from '../../../contract/devices/smart-card-reader.schema.ts';
import { problem, type Outcome, type Problem } from '../../../contract/outcome.schema.ts';
import type { FlowEvent, Holder, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import { WORKING } from '../flow.types.ts';
import { usable } from '../usable.ts';
import { identifyView, readerOf } from './identify-pages.ts';
import { asModule } from './step-module.ts';

const READ_MS = 8_000;
/** The reader waits for the card itself; nobody coming is no failure, it is asked again. */
const WAIT_FOR_ID_MS = 30_000;
/** A card that left may be back at once (A02: within 2 s the same step goes on). */
const AGAIN_SOON_MS = 300;
/** A card that was not accepted is still lying there: time to read the words and take it away. */
const AGAIN_LATER_MS = 4_000;
const RETRIES = 3;

export interface IdentifyContext extends StepInput<'identify'> {
  readonly route: string;
  readonly tries: number;
  readonly found?: Holder | undefined;
  readonly trouble?: Problem | undefined;
}

type Read = Outcome<SmartCardReply> | Outcome<IdCardReply>;

export const identifyMachine = setup({
  types: {} as { context: IdentifyContext; events: FlowEvent; input: StepInput<'identify'>; output: StepOutput },
  actors: {
    read: fromPromise<Outcome<SmartCardReply>, IdentifyContext>(({ input, signal }) =>
      input.ports.devices.execute(
        'smart-card-reader',
        { kind: 'read' },
        { deadline: input.ports.clock.now() + READ_MS, signal },
      ),
    ),
    readId: fromPromise<Outcome<IdCardReply>, IdentifyContext>(({ input, signal }) =>
      input.ports.devices.execute(
        'id-card-reader',
        { kind: 'read', fingerprints: false, appendedAddress: false },
        { deadline: input.ports.clock.now() + WAIT_FOR_ID_MS, signal },
      ),
    ),
  },
  actions: {
    choose: assign({
      route: ({ event, context }) => (event.type === 'choose' ? event.option : context.route),
      tries: 0,
      trouble: undefined,
    }),
    /** Laid on the other reader: that says which kind of card it is. */
    takeSmartRoute: assign({
      route: ({ context }) => context.definition.accepts.find((route) => route !== 'id-card') ?? context.route,
    }),
    takeHolder: assign(({ event }) => ({ found: holderOf((event as unknown as { output: Read }).output) })),
    noteTrouble: assign(({ event, context }) => noted(context, (event as unknown as { output: Read }).output)),
    noteFault: assign({ trouble: problem('card.unreadable'), tries: ({ context }) => context.tries + 1 }),
    forgetTrouble: assign({ trouble: undefined }),
    startAfresh: assign({ tries: 0, trouble: undefined }),
  },
  guards: {
    isKnown: ({ context }) => knownHolder(context) !== undefined,
    isNoCard: ({ event }) => event.type === 'choose' && event.option === 'no-card',
    isIdCard: ({ context, event }) =>
      isOffered(context, event) && event.type === 'choose' && event.option === 'id-card',
    isSmartCard: ({ context, event }) => isOffered(context, event),
    isOtherCard: ({ event }) => event.type === 'choose' && event.option === 'other-card',
    isPerson: ({ event }) => event.type === 'choose' && event.option === 'person',
    takesSmartCards: ({ context }) => context.definition.accepts.some((route) => route !== 'id-card'),
    wasRead: ({ event }) => 'output' in event && (event.output as Read).kind === 'done',
    nobodyCame: ({ event }) => 'output' in event && codeOf(event.output as Read) === 'device.deadline',
    isExhausted: ({ context }) => context.tries > RETRIES,
    isBroken: ({ context }) => context.trouble !== undefined && isFault(context.trouble),
    isOfIdCard: ({ context }) => context.route === 'id-card',
  },
  delays: {
    again: ({ context }) =>
      context.trouble === undefined || ['card.removed', 'idCard.liftAgain'].includes(context.trouble.code)
        ? AGAIN_SOON_MS
        : AGAIN_LATER_MS,
  },
}).createMachine({
  id: 'identify',
  context: ({ input }) => ({ ...input, route: input.definition.accepts[0] ?? '', tries: 0 }),
  initial: 'starting',
  states: {
    starting: { always: [{ guard: 'isKnown', target: 'known' }, { target: 'choosing' }] },
    choosing: {
      entry: 'startAfresh',
      on: {
        choose: [
          { guard: 'isNoCard', target: 'withoutCard' },
          { guard: 'isIdCard', actions: 'choose', target: 'awaitingId' },
          { guard: 'isSmartCard', actions: 'choose', target: 'awaitingCard' },
        ],
        'card.present': { guard: 'takesSmartCards', actions: 'takeSmartRoute', target: 'reading' },
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
          { guard: 'wasRead', actions: 'takeHolder', target: 'greeting' },
          { actions: 'noteTrouble', target: 'judging' },
        ],
        onError: { actions: 'noteFault', target: 'judging' },
      },
    },
    /** This reader sees a card only while it is asked to read: asking is how it waits, and the page follows its `media`. */
    awaitingId: {
      invoke: {
        src: 'readId',
        input: ({ context }) => context,
        onDone: [
          { guard: 'wasRead', actions: 'takeHolder', target: 'greeting' },
          { guard: 'nobodyCame', actions: 'forgetTrouble', target: 'pausing' },
          { actions: 'noteTrouble', target: 'judging' },
        ],
        onError: { actions: 'noteFault', target: 'judging' },
      },
      on: {
        'card.present': { guard: 'takesSmartCards', actions: 'takeSmartRoute', target: 'reading' },
        back: 'choosing',
        next: 'withoutCard',
      },
    },
    judging: {
      always: [
        { guard: 'isBroken', target: 'broken' },
        { guard: 'isExhausted', target: 'exhausted' },
        { guard: 'isOfIdCard', target: 'pausing' },
        { target: 'troubled' },
      ],
    },
    pausing: {
      after: { again: 'awaitingId' },
      on: {
        'card.present': { guard: 'takesSmartCards', actions: 'takeSmartRoute', target: 'reading' },
        back: 'choosing',
        next: 'withoutCard',
      },
    },
    /** The bad card must leave before the next try, or the same card would be read again and again. */
    troubled: {
      on: { 'card.present': 'reading', back: 'choosing', next: 'withoutCard' },
    },
    broken: { on: { back: 'choosing', next: 'withoutCard' } },
    exhausted: {
      on: {
        choose: [
          { guard: 'isOtherCard', target: 'choosing' },
          { guard: 'isPerson', target: 'person' },
          { guard: 'isNoCard', target: 'withoutCard' },
        ],
        back: 'choosing',
      },
    },
    person: { on: { back: 'exhausted' } },
    greeting: { on: { next: 'known', back: 'notMe' } },
    known: {
      type: 'final',
      output: ({ context }): StepOutput => {
        const holder = context.found ?? knownHolder(context);
        return holder ? { went: 'on', answer: { kind: 'holder', holder } } : { went: 'back' };
      },
    },
    withoutCard: { type: 'final', output: { went: 'on', answer: { kind: 'none' } } satisfies StepOutput },
    /** "No, that is not me": nothing of the card is kept, and the card goes back first. */
    notMe: { type: 'final', output: { went: 'leave', because: 'cancelled' } satisfies StepOutput },
    turnedBack: { type: 'final', output: { went: 'back' } satisfies StepOutput },
  },
  output: ({ event }) => event.output as StepOutput,
});

/** Nobody is asked twice: the session's own card counts, and so does this step's answer from before. */
function knownHolder({ holder, answers, definition }: StepInput<'identify'>): Holder | undefined {
  const earlier = answers[definition.id];
  return earlier?.kind === 'holder' ? earlier.holder : holder;
}

function isOffered({ definition, ports }: IdentifyContext, event: FlowEvent): boolean {
  if (event.type !== 'choose' || !definition.accepts.includes(event.option)) return false;
  return usable(ports.devices.status(readerOf(event.option)));
}

function holderOf(outcome: Read): Holder {
  if (outcome.kind !== 'done') throw new Error('guarded: the card was read');
  const { reply } = outcome;
  if ('cardKind' in reply) {
    const { cardKind, cardNumber, holderName } = reply;
    return { cardKind, cardNumber, ...(holderName === undefined ? {} : { holderName }) };
  }
  if (reply.kind !== 'read') throw new Error('asked to read, told of something else');
  const { number, name, birthDate } = reply.document;
  return { cardKind: 'id-card', cardNumber: number, holderName: name, birthDate };
}

function codeOf(outcome: Read): string | undefined {
  return outcome.kind === 'done' ? undefined : outcome.problem.code;
}

/** Asking to lift the card is the reader's habit, not the resident's mistake: it costs no try. */
function noted(context: IdentifyContext, outcome: Read): Partial<IdentifyContext> {
  const trouble = outcome.kind === 'done' ? problem('card.unreadable') : outcome.problem;
  return { trouble, tries: context.tries + (trouble.code === 'idCard.liftAgain' ? 0 : 1) };
}

/** The reader's own trouble, not the card's. */
function isFault({ code }: Problem): boolean {
  return (code.startsWith('device.') && code !== 'device.deadline') || code === 'idCard.samFault';
}

export const identifyStep: StepModule = asModule({
  kind: 'identify',
  machine: identifyMachine,
  view: identifyView,
  needs: [],
});

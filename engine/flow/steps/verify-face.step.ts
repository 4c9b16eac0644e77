/**
 * Is this the card's owner, by face (A04): asked first, with a refusal as large as the consent; then the camera page, whose
 * one answer goes to the platform or to the signed model; three times not live closes it. No picture outlives its question.
 */
import { assign, fromPromise, setup } from 'xstate';
import type { Result } from '../../../contract/outcome.schema.ts';
import type { FaceChallenge } from '../../../contract/check.schema.ts';
import type { FlowEvent, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import { WORKING } from '../flow.types.ts';
import { insteadOf, isProven, ownerOf, type OtherWayReason } from '../other-ways.ts';
import type { FaceLook, FaceVerdict } from '../ports.ts';
import { asModule } from './step-module.ts';
import { faceView } from './verify-face-pages.ts';

const DONE_MS = 1_500;
const NOT_LIVE_LIMIT = 3;
/** Below this age a camera needs a guardian (PIPL); the machine cannot see one, so it offers the other ways. */
const CHILD_YEARS = 14;
const CHALLENGES: readonly (readonly FaceChallenge[])[] = [
  ['turn-head', 'come-closer'],
  ['come-closer', 'turn-head'],
];

export interface FaceContext extends StepInput<'verify-face'> {
  readonly challenges: readonly FaceChallenge[];
  readonly look?: FaceLook | undefined;
  readonly notLive: number;
  readonly why: OtherWayReason;
}

export const faceMachine = setup({
  types: {} as { context: FaceContext; events: FlowEvent; input: StepInput<'verify-face'>; output: StepOutput },
  actors: {
    check: fromPromise<Result<FaceVerdict>, FaceContext>(({ input }) => {
      const owner = ownerOf(input);
      if (!owner || !input.look) throw new Error('guarded: a card was read and a face seen');
      return input.ports.identity.checkFace(owner, input.session, input.look, input.definition.adapter);
    }),
  },
  actions: {
    because: assign({ why: (_, why: OtherWayReason) => why }),
    becauseOfVerdict: assign({
      why: ({ event }) => reasonOf((event as unknown as { output: Result<FaceVerdict> }).output),
    }),
    drawChallenges: assign({
      challenges: ({ context }) => CHALLENGES[context.ports.pick(CHALLENGES.length)] ?? ['turn-head'],
    }),
    takeLook: assign({ look: ({ event }) => lookOf(event) }),
    countNotLive: assign({ notLive: ({ context }) => context.notLive + 1 }),
    /** Zeroed before it is let go: the page's text of it went with its Intent. */
    zeroLook: ({ context }) => {
      if (context.look?.seen === 'face') context.look.picture.fill(0);
    },
    dropLook: assign({ look: undefined }),
  },
  guards: {
    isProven: ({ context }) => isProven(context),
    hasNoOwner: ({ context }) => ownerOf(context) === undefined,
    isChild: ({ context }) => isChild(context),
    isOffline: ({ context }) => !context.ports.online(),
    isNotOffered: ({ context }) => !context.ports.identity.offersFace(context.definition.adapter),
    isAgreed: ({ event }) => event.type === 'choose' && event.option === 'agree',
    isDeclined: ({ event }) => event.type === 'choose' && event.option === 'decline',
    isRetry: ({ event }) => event.type === 'choose' && event.option === 'retry',
    isOtherWay: ({ event }) => event.type === 'choose' && event.option === 'other-way',
    hasNoCamera: ({ event }) => event.type === 'face' && event.result.seen === 'noCamera',
    isOther: ({ context, event }) =>
      event.type === 'choose' && event.option === 'other' && insteadOf(context) !== undefined,
    isTicket: ({ context, event }) =>
      event.type === 'choose' && event.option === 'ticket' && context.definition.ticket !== undefined,
    isPerson: ({ event }) => event.type === 'choose' && event.option === 'person',
    hasInstead: ({ context }) => insteadOf(context) !== undefined,
    isMatch: ({ event }) => verdictOf(event) === 'match',
    isAgain: ({ context, event }) => verdictOf(event) === 'again' && context.notLive + 1 < NOT_LIVE_LIMIT,
    isUsedUp: ({ event }) => verdictOf(event) === 'again',
    /** The line was lost while the picture was not live: counted here, so that the third one ends it all the same. */
    mayLookAgain: ({ context, event }) =>
      context.look?.seen === 'notLive' && verdictOf(event) === undefined && context.notLive + 1 < NOT_LIVE_LIMIT,
  },
}).createMachine({
  id: 'verify-face',
  context: ({ input }) => ({ ...input, challenges: ['turn-head'], notLive: 0, why: 'tried' }),
  initial: 'starting',
  states: {
    starting: {
      always: [
        { guard: 'isProven', target: 'passedOver' },
        { guard: 'hasNoOwner', actions: { type: 'because', params: 'noCard' }, target: 'otherWays' },
        { guard: 'isChild', actions: { type: 'because', params: 'child' }, target: 'otherWays' },
        { guard: 'isOffline', actions: { type: 'because', params: 'offline' }, target: 'otherWays' },
        { guard: 'isNotOffered', actions: { type: 'because', params: 'notOffered' }, target: 'otherWays' },
        { target: 'asking' },
      ],
    },
    asking: {
      on: {
        choose: [
          { guard: 'isAgreed', target: 'looking' },
          { guard: 'isDeclined', target: 'leading' },
        ],
        back: 'turnedBack',
      },
    },
    looking: {
      entry: 'drawChallenges',
      on: {
        face: [
          { guard: 'hasNoCamera', actions: { type: 'because', params: 'noCamera' }, target: 'otherWays' },
          { actions: 'takeLook', target: 'checking' },
        ],
        next: 'leading',
        back: 'asking',
      },
    },
    checking: {
      tags: WORKING,
      exit: ['zeroLook', 'dropLook'],
      invoke: {
        src: 'check',
        input: ({ context }) => context,
        onDone: [
          { guard: 'isMatch', target: 'matched' },
          { guard: 'isAgain', actions: 'countNotLive', target: 'again' },
          { guard: 'isUsedUp', actions: { type: 'because', params: 'paused' }, target: 'otherWays' },
          { guard: 'mayLookAgain', actions: 'countNotLive', target: 'again' },
          { actions: 'becauseOfVerdict', target: 'otherWays' },
        ],
        onError: { actions: { type: 'because', params: 'offline' }, target: 'otherWays' },
      },
      on: { next: 'leading' },
    },
    /** Asked, not started over: the camera is not switched on again without a touch. */
    again: {
      on: {
        choose: [
          { guard: 'isRetry', target: 'looking' },
          { guard: 'isOtherWay', target: 'leading' },
        ],
        back: 'asking',
      },
    },
    matched: { after: { [DONE_MS]: 'verified' }, on: { next: 'verified' } },
    leading: {
      always: [
        { guard: 'hasInstead', target: 'toOther' },
        { actions: { type: 'because', params: 'chosen' }, target: 'otherWays' },
      ],
    },
    otherWays: {
      on: {
        choose: [
          { guard: 'isOther', target: 'toOther' },
          { guard: 'isTicket', target: 'toTicket' },
          { guard: 'isPerson', target: 'person' },
        ],
        back: 'turnedBack',
      },
    },
    person: { on: { back: 'otherWays' } },
    verified: { type: 'final', output: { went: 'on', answer: { kind: 'verified', by: 'face' } } satisfies StepOutput },
    passedOver: { type: 'final', output: { went: 'on', answer: { kind: 'none' } } satisfies StepOutput },
    toOther: { type: 'final', output: ({ context }): StepOutput => ({ went: 'to', step: insteadOf(context) ?? '' }) },
    toTicket: {
      type: 'final',
      output: ({ context }): StepOutput => ({ went: 'to', step: context.definition.ticket ?? '' }),
    },
    turnedBack: { type: 'final', output: { went: 'back' } satisfies StepOutput },
  },
  output: ({ event }) => event.output as StepOutput,
});

function lookOf(event: FlowEvent): FaceLook {
  if (event.type !== 'face') throw new Error('guarded: the camera page answered');
  if (event.result.seen !== 'face') return { seen: 'notLive' };
  return { seen: 'face', picture: new Uint8Array(Buffer.from(event.result.picture, 'base64')) };
}

/** Undefined when the platform could not be asked. */
function verdictOf(event: unknown): FaceVerdict | undefined {
  const { output } = event as { output: Result<FaceVerdict> };
  return output.ok ? output.value : undefined;
}

function reasonOf(verdict: Result<FaceVerdict>): OtherWayReason {
  if (!verdict.ok) return verdict.problem.code === 'platform.offline' ? 'offline' : 'notOffered';
  if (verdict.value === 'paused') return 'paused';
  return verdict.value === 'notOffered' ? 'notOffered' : 'tried';
}

/** Only where the card says the day of birth; whole years on the terminal's own calendar. */
function isChild(context: FaceContext): boolean {
  const born = ownerOf(context)?.birthDate;
  if (born === undefined) return false;
  const [year = 0, month = 0, day = 0] = context.ports.localTime().day.split('-').map(Number);
  const [bornYear = 0, bornMonth = 0, bornDay = 0] = born.split('-').map(Number);
  const hadBirthday = month > bornMonth || (month === bornMonth && day >= bornDay);
  return year - bornYear - (hadBirthday ? 0 : 1) < CHILD_YEARS;
}

export const verifyFaceStep: StepModule = asModule({
  kind: 'verify-face',
  machine: faceMachine,
  view: faceView,
  needs: [],
});

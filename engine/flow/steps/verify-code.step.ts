/** Is this the card's owner, by the code that was sent to them: card and code together, the way on without any biometric. */
import { assign, fromPromise, setup, type SnapshotFrom } from 'xstate';
import type { Result } from '../../../contract/outcome.schema.ts';
import type { FlowEvent, Page, Scene, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import { WORKING } from '../flow.types.ts';
import { insteadOf, isProven, otherWaysPage, ownerOf, type OtherWayReason } from '../other-ways.ts';
import { personPage } from '../person-page.ts';
import type { CodeVerdict } from '../ports.ts';
import { asModule } from './step-module.ts';

const CODE_LENGTH = 6;
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'];

interface Context extends StepInput<'verify-code'> {
  /** Only while the platform is being asked. */
  readonly typed?: string | undefined;
  readonly isWrong: boolean;
  readonly why: OtherWayReason;
}

const machine = setup({
  types: {} as { context: Context; events: FlowEvent; input: StepInput<'verify-code'>; output: StepOutput },
  actors: {
    check: fromPromise<Result<CodeVerdict>, Context>(({ input }) => {
      const owner = ownerOf(input);
      if (!owner || input.typed === undefined) throw new Error('guarded: a card was read and a code typed');
      return input.ports.identity.checkCode(owner, input.session, input.typed);
    }),
  },
  actions: {
    because: assign({ why: (_, why: OtherWayReason) => why }),
    becauseOfVerdict: assign({
      why: ({ event }) => reasonOf((event as unknown as { output: Result<CodeVerdict> }).output),
    }),
  },
  guards: {
    isProven: ({ context }) => isProven(context),
    hasNoOwner: ({ context }) => ownerOf(context) === undefined,
    isOffline: ({ context }) => !context.ports.online(),
    isWhole: ({ event }) => event.type === 'enter' && new RegExp(`^\\d{${CODE_LENGTH}}$`).test(event.value),
    isOther: ({ context, event }) =>
      event.type === 'choose' && event.option === 'other' && insteadOf(context) !== undefined,
    isTicket: ({ context, event }) =>
      event.type === 'choose' && event.option === 'ticket' && context.definition.ticket !== undefined,
    isPerson: ({ event }) => event.type === 'choose' && event.option === 'person',
  },
}).createMachine({
  id: 'verify-code',
  context: ({ input }) => ({ ...input, isWrong: false, why: 'tried' }),
  initial: 'starting',
  states: {
    starting: {
      always: [
        { guard: 'isProven', target: 'passedOver' },
        { guard: 'hasNoOwner', actions: { type: 'because', params: 'noCard' }, target: 'otherWays' },
        { guard: 'isOffline', actions: { type: 'because', params: 'offline' }, target: 'otherWays' },
        { target: 'typing' },
      ],
    },
    typing: {
      on: {
        enter: [
          { guard: 'isWhole', actions: assign({ typed: ({ event }) => event.value }), target: 'checking' },
          { actions: assign({ isWrong: true }), target: 'typing', reenter: true },
        ],
        back: { actions: { type: 'because', params: 'chosen' }, target: 'otherWays' },
      },
    },
    checking: {
      tags: WORKING,
      exit: assign({ typed: undefined }),
      invoke: {
        src: 'check',
        input: ({ context }) => context,
        onDone: [
          { guard: ({ event }) => event.output.ok && event.output.value === 'match', target: 'verified' },
          {
            guard: ({ event }) => event.output.ok && event.output.value === 'noMatch',
            actions: assign({ isWrong: true }),
            target: 'typing',
          },
          { actions: 'becauseOfVerdict', target: 'otherWays' },
        ],
        onError: { actions: { type: 'because', params: 'offline' }, target: 'otherWays' },
      },
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
    verified: { type: 'final', output: { went: 'on', answer: { kind: 'verified', by: 'code' } } satisfies StepOutput },
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

function reasonOf(verdict: Result<CodeVerdict>): OtherWayReason {
  if (!verdict.ok) return verdict.problem.code === 'platform.offline' ? 'offline' : 'notOffered';
  return 'paused';
}

function view(snapshot: SnapshotFrom<typeof machine>, scene: Scene): Page | undefined {
  const { context } = snapshot;
  if (snapshot.matches('typing')) return padPage(context, scene);
  if (snapshot.matches('checking')) return waitingPage(scene);
  if (snapshot.matches('otherWays')) return otherWaysPage('code.otherWays', context.why, context, scene);
  if (snapshot.matches('person')) return personPage('code.person', scene);
  return undefined;
}

function padPage({ isWrong }: Context, { speech }: Scene): Page {
  return {
    name: isWrong ? 'code.again' : 'code.typing',
    screen: {
      kind: 'pad',
      title: speech.say('code.title'),
      subtitle: speech.say('code.subtitle'),
      prefill: '',
      firstKeys: [],
      keys: DIGITS,
      minLength: CODE_LENGTH,
      maxLength: CODE_LENGTH,
      erase: speech.say('plate.erase'),
      clear: speech.say('plate.clear'),
      ...(isWrong ? { error: speech.say('code.wrong') } : {}),
      back: speech.say('action.back'),
      next: speech.say('action.next'),
    },
  };
}

function waitingPage({ speech }: Scene): Page {
  return {
    name: 'code.checking',
    screen: {
      kind: 'working',
      act: 'verify',
      title: speech.say('code.checking'),
      picture: 'wait',
      steps: [{ label: speech.say('code.checking'), state: 'now' }],
    },
  };
}

export const verifyCodeStep: StepModule = asModule({ kind: 'verify-code', machine, view, needs: [] });

/**
 * Is this the card's owner, by finger (A03): which finger, or "I cannot give one", as large; two tries a finger, six in all;
 * what a person can do about a bad print in place of a score; then three equal ways on. Nobody fails here.
 */
import { assign, fromCallback, fromPromise, setup } from 'xstate';
import type { FingerAdvice, FingerprintReply } from '../../../contract/devices/fingerprint-reader.schema.ts';
import type { Outcome, Result } from '../../../contract/outcome.schema.ts';
import type { Finger } from '../../../contract/check.schema.ts';
import { afterTry, nextFinger, startWalk, type FingerName, type FingerWalk, type Hand } from '../finger-walk.ts';
import { FingerVault } from '../finger-vault.ts';
import type { FlowEvent, Holder, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import { WORKING } from '../flow.types.ts';
import { insteadOf, isProven, ownerOf, type OtherWayReason } from '../other-ways.ts';
import type { FingerOffer } from '../ports.ts';
import { usable } from '../usable.ts';
import { asModule } from './step-module.ts';
import { fingerView } from './verify-finger-pages.ts';

const PRESS_MS = 30_000;
const LIFT_MS = 15_000;
/** Long enough to be seen, short enough not to be waited for. */
const DONE_MS = 1_500;
/** Nobody laid a finger down: the sensor is asked again, not at once. */
const PAUSE_MS = 300;

export interface FingerContext extends StepInput<'verify-finger'> {
  readonly vault?: FingerVault;
  readonly walk: FingerWalk;
  readonly finger: Finger;
  readonly advice?: FingerAdvice | undefined;
  /** The finger before this one was given up. */
  readonly isOther: boolean;
  readonly tries: number;
  readonly why: OtherWayReason;
}

type Verdict = Extract<FingerprintReply, { kind: 'verify' }>;
type Pressed = Outcome<FingerprintReply>;

export const fingerMachine = setup({
  types: {} as { context: FingerContext; events: FlowEvent; input: StepInput<'verify-finger'>; output: StepOutput },
  actors: {
    open: fromPromise<Result<FingerOffer>, FingerContext>(({ input }) =>
      input.ports.identity.openFingerCheck(owned(input), input.session),
    ),
    fetch: fromPromise<boolean, FingerContext>(async ({ input }) => {
      const got = await input.ports.identity.fingerTemplates(owned(input), input.session);
      return got.ok && vaultOf(input).fill(got.value);
    }),
    compare: fromPromise<Pressed, FingerContext>(({ input, signal }) =>
      vaultOf(input).compare(input.finger, PRESS_MS, signal),
    ),
    awaitLift: fromPromise<Pressed, FingerContext>(({ input, signal }) =>
      input.ports.devices.execute(
        'fingerprint-reader',
        { kind: 'await-lift' },
        { deadline: input.ports.clock.now() + LIFT_MS, signal },
      ),
    ),
    /** Its end is the end of the check, also when the whole session is stopped. */
    keepVault: fromCallback<FlowEvent, FingerContext>(
      ({ input }) =>
        () =>
          vaultOf(input).close(),
    ),
  },
  actions: {
    noteOffer: assign(({ event }) => offered((event as unknown as { output: Result<FingerOffer> }).output)),
    openVault: assign({ vault: ({ context }) => new FingerVault(context.ports, owned(context), context.session) }),
    noteMatch: ({ context }) => vaultOf(context).note('match'),
    tellVault: ({ context, event }) => tell(context, (event as unknown as { output: Pressed }).output),
    noteTry: assign(({ context, event }) => tried(context, (event as unknown as { output: Pressed }).output)),
    because: assign({ why: (_, why: OtherWayReason) => why }),
    becauseOfOffer: assign({
      why: ({ event }) => reasonOf((event as unknown as { output: Result<FingerOffer> }).output),
    }),
  },
  guards: {
    isProven: ({ context }) => isProven(context),
    hasNoOwner: ({ context }) => ownerOf(context) === undefined,
    isOffline: ({ context }) => !context.ports.online(),
    isSensorGone: ({ context }) => !usable(context.ports.devices.status('fingerprint-reader')),
    isOpen: ({ event }) => firstOffered((event as unknown as { output: Result<FingerOffer> }).output) !== undefined,
    isGiven: ({ event }) => event.type === 'choose' && event.option === 'give',
    isRefused: ({ event }) => event.type === 'choose' && event.option === 'cannot',
    isOther: ({ context, event }) =>
      event.type === 'choose' && event.option === 'other' && insteadOf(context) !== undefined,
    isTicket: ({ context, event }) =>
      event.type === 'choose' && event.option === 'ticket' && context.definition.ticket !== undefined,
    isPerson: ({ event }) => event.type === 'choose' && event.option === 'person',
    hasInstead: ({ context }) => insteadOf(context) !== undefined,
    isUsedUp: ({ context }) => fingerNow(context.walk) === undefined,
  },
}).createMachine({
  id: 'verify-finger',
  context: ({ input }) => ({
    ...input,
    walk: startWalk([]),
    finger: 'right-thumb',
    isOther: false,
    tries: 0,
    why: 'tried',
  }),
  initial: 'starting',
  states: {
    starting: {
      always: [
        { guard: 'isProven', target: 'passedOver' },
        { guard: 'hasNoOwner', actions: { type: 'because', params: 'noCard' }, target: 'otherWays' },
        { guard: 'isSensorGone', actions: { type: 'because', params: 'sensorBroken' }, target: 'otherWays' },
        { guard: 'isOffline', actions: { type: 'because', params: 'offline' }, target: 'otherWays' },
        { target: 'opening' },
      ],
    },
    opening: {
      tags: WORKING,
      invoke: {
        src: 'open',
        input: ({ context }) => context,
        onDone: [
          { guard: 'isOpen', actions: 'noteOffer', target: 'offering' },
          { actions: 'becauseOfOffer', target: 'otherWays' },
        ],
        onError: { actions: { type: 'because', params: 'offline' }, target: 'otherWays' },
      },
      on: { back: 'turnedBack' },
    },
    /** Asked before any template travels; the refusal leaves no trace anywhere. */
    offering: {
      on: {
        choose: [
          { guard: 'isGiven', actions: 'openVault', target: 'checking' },
          { guard: 'isRefused', target: 'leading' },
        ],
        back: 'turnedBack',
      },
    },
    checking: {
      initial: 'fetching',
      invoke: {
        src: 'keepVault',
        input: ({ context }) => context,
        onError: { actions: { type: 'because', params: 'sensorBroken' }, target: 'otherWays' },
      },
      on: { next: 'leading', back: 'turnedBack' },
      states: {
        fetching: {
          tags: WORKING,
          invoke: {
            src: 'fetch',
            input: ({ context }) => context,
            onDone: [
              { guard: ({ event }) => event.output, target: 'pressing' },
              { actions: { type: 'because', params: 'offline' }, target: '#verify-finger.otherWays' },
            ],
            onError: { actions: { type: 'because', params: 'offline' }, target: '#verify-finger.otherWays' },
          },
        },
        pressing: {
          invoke: {
            src: 'compare',
            input: ({ context }) => context,
            onDone: [
              {
                guard: ({ event }) => verdictOf(event.output)?.result === 'match',
                actions: 'noteMatch',
                target: '#verify-finger.matched',
              },
              { guard: ({ event }) => nobodyCame(event.output), target: 'pausing' },
              {
                guard: ({ event }) => verdictOf(event.output) !== undefined,
                actions: ['tellVault', 'noteTry'],
                target: 'deciding',
              },
              { actions: { type: 'because', params: 'sensorBroken' }, target: '#verify-finger.otherWays' },
            ],
            onError: { actions: { type: 'because', params: 'sensorBroken' }, target: '#verify-finger.otherWays' },
          },
        },
        pausing: { after: { [PAUSE_MS]: 'pressing' } },
        deciding: {
          always: [
            { guard: 'isUsedUp', actions: { type: 'because', params: 'tried' }, target: '#verify-finger.otherWays' },
            { target: 'lifting' },
          ],
        },
        /** A finger that stays would be compared again as it is. A sensor that cannot say so is asked to compare anyway. */
        lifting: {
          invoke: {
            src: 'awaitLift',
            input: ({ context }) => context,
            onDone: 'pressing',
            onError: { actions: { type: 'because', params: 'sensorBroken' }, target: '#verify-finger.otherWays' },
          },
        },
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
    verified: {
      type: 'final',
      output: { went: 'on', answer: { kind: 'verified', by: 'finger' } } satisfies StepOutput,
    },
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

function owned(input: StepInput<'verify-finger'>): Holder {
  const owner = ownerOf(input);
  if (!owner) throw new Error('guarded: a card was read');
  return owner;
}

function vaultOf({ vault }: Pick<FingerContext, 'vault'>): FingerVault {
  if (!vault) throw new Error('guarded: the vault is open');
  return vault;
}

function firstOffered(offer: Result<FingerOffer>): Finger | undefined {
  if (!offer.ok || offer.value.state !== 'open') return undefined;
  return fingerNow(walkOver(offer.value.fingers));
}

function offered(offer: Result<FingerOffer>): Partial<FingerContext> {
  const finger = firstOffered(offer);
  if (!offer.ok || offer.value.state !== 'open' || !finger) throw new Error('guarded: a finger is offered');
  return { walk: walkOver(offer.value.fingers), finger };
}

function walkOver(fingers: readonly Finger[]): FingerWalk {
  return startWalk(
    fingers.map((finger) => {
      const [hand, name] = finger.split('-') as [Hand, FingerName];
      return { hand, name };
    }),
  );
}

/** Undefined when every try is used up. */
function fingerNow(walk: FingerWalk): Finger | undefined {
  const next = nextFinger(walk);
  return next && `${next.hand}-${next.name}`;
}

function reasonOf(offer: Result<FingerOffer>): OtherWayReason {
  if (!offer.ok) return offer.problem.code === 'platform.offline' ? 'offline' : 'notOffered';
  return offer.value.state === 'locked' ? 'closed' : offer.value.state === 'used' ? 'tried' : 'noPrints';
}

function verdictOf(outcome: Pressed): Verdict | undefined {
  return outcome.kind === 'done' && outcome.reply.kind === 'verify' ? outcome.reply : undefined;
}

function nobodyCame(outcome: Pressed): boolean {
  return outcome.kind !== 'done' && ['finger.none', 'device.deadline'].includes(outcome.problem.code);
}

function tell(context: FingerContext, outcome: Pressed): void {
  const verdict = verdictOf(outcome);
  if (verdict) vaultOf(context).note(verdict.result);
}

/** A print that was there but not good enough is a try like any other, and says what to do. */
function tried(context: FingerContext, outcome: Pressed): Partial<FingerContext> {
  const verdict = verdictOf(outcome);
  if (!verdict || verdict.result === 'match') throw new Error('guarded: a try that did not match');
  const walk = afterTry(context.walk, { kind: verdict.result, advice: verdict.advice });
  const finger = fingerNow(walk) ?? context.finger;
  const isOther = finger !== context.finger;
  // Advice belongs to the finger it was given for.
  return { walk, finger, isOther, tries: context.tries + 1, advice: isOther ? undefined : (verdict.advice ?? 'press') };
}

export const verifyFingerStep: StepModule = asModule({
  kind: 'verify-finger',
  machine: fingerMachine,
  view: fingerView,
  needs: [],
});

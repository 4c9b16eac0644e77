/**
 * R11, R12: one charge, by one transaction. After the method is chosen nothing on the screen can stop or repeat it; a
 * declined or never-sent sale may be tried again, as a new transaction.
 */
import { assign, fromPromise, setup, type SnapshotFrom } from 'xstate';
import { problem, type Problem } from '../../../contract/outcome.schema.ts';
import type { FlowEvent, Page, Scene, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import { COMMITTED, WORKING } from '../flow.types.ts';
import { problemScreen } from '../problem-screen.ts';
import type { ChargeEnd } from '../ports.ts';
import { quoteAnswer } from './review.step.ts';
import { asModule } from './step-module.ts';

interface Context extends StepInput<'pay'> {
  readonly txn: string;
  readonly cardMasked?: string | undefined;
  readonly problem?: Problem;
  readonly claimCode?: string | undefined;
}

const machine = setup({
  types: {} as { context: Context; events: FlowEvent; input: StepInput<'pay'>; output: StepOutput },
  actors: {
    charge: fromPromise<ChargeEnd, Context>(({ input, signal }) => {
      const { quote } = quoteAnswer(input, input.definition.price);
      const request = { txn: input.txn, service: input.service.id, amountCents: quote.dueCents, quote: quote.quote };
      return input.ports.effects.charge(request, signal);
    }),
  },
  guards: {
    isBankCard: ({ event }) => event.type === 'choose' && event.option === 'bank-card',
    /** A charge that is doubted must not be followed by another one. */
    mayTryAgain: ({ context }) => context.claimCode === undefined,
  },
}).createMachine({
  id: 'pay',
  context: ({ input }) => ({ ...input, txn: input.ports.newTxn() }),
  initial: 'choosing',
  states: {
    choosing: { on: { choose: { guard: 'isBankCard', target: 'paying' }, back: 'turnedBack' } },
    paying: {
      tags: [COMMITTED, WORKING],
      invoke: {
        src: 'charge',
        input: ({ context }) => context,
        onDone: [
          {
            guard: ({ event }) => event.output.kind === 'paid',
            actions: assign({
              cardMasked: ({ event }) => (event.output.kind === 'paid' ? event.output.cardMasked : undefined),
            }),
            target: 'paid',
          },
          {
            actions: assign(({ event }) => troubleOf(event.output)),
            target: 'trouble',
          },
        ],
        onError: { actions: assign({ problem: problem('kiosk.interrupted') }), target: 'trouble' },
      },
    },
    trouble: {
      on: {
        retry: {
          guard: 'mayTryAgain',
          actions: assign({ txn: ({ context }) => context.ports.newTxn() }),
          target: 'choosing',
        },
        next: 'left',
      },
    },
    paid: {
      type: 'final',
      output: ({ context }): StepOutput => {
        const { quote } = quoteAnswer(context, context.definition.price);
        const masked = context.cardMasked === undefined ? {} : { cardMasked: context.cardMasked };
        return { went: 'on', answer: { kind: 'paid', txn: context.txn, quote, ...masked } };
      },
    },
    turnedBack: { type: 'final', output: { went: 'back' } satisfies StepOutput },
    left: { type: 'final', output: { went: 'leave', because: 'ended' } satisfies StepOutput },
  },
  output: ({ event }) => event.output as StepOutput,
});

function troubleOf(end: ChargeEnd): Partial<Context> {
  if (end.kind === 'paid') throw new Error('guarded: not paid');
  return { problem: end.problem, claimCode: end.kind === 'case' ? end.code : undefined };
}

function view(snapshot: SnapshotFrom<typeof machine>, scene: Scene): Page {
  const { speech } = scene;
  const { context } = snapshot;
  const amount = speech.amount(quoteAnswer(context, context.definition.price).quote.dueCents);
  if (snapshot.matches('paying'))
    return {
      name: 'pay.paying',
      screen: {
        kind: 'working',
        act: 'pay',
        title: speech.say('pay.onTerminal'),
        subtitle: speech.say('pay.doNotLeave'),
        picture: 'pay-on-terminal',
        amount,
        steps: [
          { label: speech.say('pay.step.terminal'), state: 'now' },
          { label: speech.say('pay.step.record'), state: 'next' },
          { label: speech.say('pay.step.print'), state: 'next' },
        ],
      },
    };
  if (context.problem && snapshot.matches('trouble')) {
    const doubted = context.claimCode !== undefined;
    return {
      name: 'pay.trouble',
      screen: problemScreen(scene, context.problem, {
        picture: 'trouble',
        money: speech.say(doubted ? 'money.notKnown' : 'money.nothingCharged'),
        ...(context.claimCode === undefined ? {} : { claimCode: context.claimCode }),
        actions: doubted ? ['end'] : ['retry', 'end'],
      }),
    };
  }
  const terminal = scene.ports.devices.status('payment-terminal');
  return {
    name: 'pay.choosing',
    screen: {
      kind: 'pay',
      title: speech.say('pay.title'),
      subtitle: speech.say('pay.subtitle'),
      amount,
      choices: [
        {
          id: 'bank-card',
          label: speech.say('pay.bankCard'),
          detail: speech.say('pay.bankCardDetail'),
          picture: 'bank-card',
          badge: 1,
          ...(terminal.device === 'online' || terminal.device === 'deviceBusy'
            ? {}
            : { unavailable: speech.say('unavailable.device') }),
        },
      ],
      back: speech.say('action.back'),
    },
  };
}

export const payStep: StepModule = asModule({ kind: 'pay', machine, view, needs: ['payment-terminal'] });

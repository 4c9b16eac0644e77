/**
 * R11, R12: one charge, by one transaction. After the method is chosen nothing on the screen can stop or repeat it; a
 * declined or never-sent sale may be tried again, as a new transaction. When the bank has not answered, a slip with the case
 * code comes out, and the page says what became of it as soon as that is known.
 */
import { assign, fromPromise, setup, type SnapshotFrom } from 'xstate';
import { problem, type Problem } from '../../../contract/outcome.schema.ts';
import { CLAIM_TEMPLATE } from '../../../kiosk-config/receipt-template.schema.ts';
import type { FlowEvent, Page, Scene, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import { COMMITTED, WORKING } from '../flow.types.ts';
import { problemScreen } from '../problem-screen.ts';
import { moneyPanel, type PrintedState } from '../money-panel.ts';
import type { ChargeEnd, PrintEnd } from '../ports.ts';
import { fillReceipt } from '../receipts.ts';
import { claimValues } from '../slip-values.ts';
import { quoteAnswer } from './review.step.ts';
import { asModule } from './step-module.ts';

interface Context extends StepInput<'pay'> {
  readonly txn: string;
  readonly cardMasked?: string | undefined;
  readonly problem?: Problem;
  readonly claimCode?: string | undefined;
  /** Whether the slip with the code is out. */
  readonly claimSlip: PrintedState;
}

const machine = setup({
  types: {} as { context: Context; events: FlowEvent; input: StepInput<'pay'>; output: StepOutput },
  actors: {
    charge: fromPromise<ChargeEnd, Context>(({ input, signal }) => {
      const { quote } = quoteAnswer(input, input.definition.price);
      const { dueCents: amountCents, quote: id, prices } = quote;
      const request = { txn: input.txn, service: input.service.id, amountCents, quote: id, ...(prices && { prices }) };
      return input.ports.effects.charge(request, signal);
    }),
    claimSlip: fromPromise<PrintEnd, Context>(({ input, signal }) => {
      const template = input.templates[CLAIM_TEMPLATE];
      if (!template) throw new Error(`there is no template ${CLAIM_TEMPLATE}`);
      const { quote } = quoteAnswer(input, input.definition.price);
      const code = input.claimCode ?? '';
      const values = claimValues({ ...input, code, amountCents: quote.dueCents });
      const receipt = fillReceipt(template, input.speech, values);
      // A slip of its own: whether it comes out changes nothing about the payment.
      return input.ports.effects.print({ txn: input.ports.newTxn(), template: template.id, receipt }, signal);
    }),
  },
  guards: {
    isBankCard: ({ event }) => event.type === 'choose' && event.option === 'bank-card',
    /** A charge that is doubted must not be followed by another one. */
    mayTryAgain: ({ context }) => context.claimCode === undefined,
    hasClaim: ({ context }) => context.claimCode !== undefined && context.ports.printingOpen(),
  },
}).createMachine({
  id: 'pay',
  context: ({ input }) => ({ ...input, txn: input.ports.newTxn(), claimSlip: 'open' }),
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
      initial: 'deciding',
      states: {
        deciding: { always: [{ guard: 'hasClaim', target: 'printing' }, { target: 'still' }] },
        printing: {
          invoke: {
            src: 'claimSlip',
            input: ({ context }) => context,
            onDone: { actions: assign({ claimSlip: ({ event }) => printedState(event.output) }), target: 'still' },
            onError: { actions: assign({ claimSlip: 'no' as const }), target: 'still' },
          },
        },
        still: {},
      },
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
    left: {
      type: 'final',
      output: ({ context }): StepOutput => ({ went: 'leave', because: 'ended', claimCode: context.claimCode }),
    },
  },
  output: ({ event }) => event.output as StepOutput,
});

function printedState(end: PrintEnd): PrintedState {
  if (end.kind === 'printed') return 'yes';
  return end.kind === 'notPrinted' ? 'no' : 'open';
}

function troubleOf(end: ChargeEnd): Partial<Context> {
  if (end.kind === 'paid') throw new Error('guarded: not paid');
  return { problem: end.problem, claimCode: end.kind === 'case' ? end.code : undefined };
}

function troublePage(context: Context, trouble: Problem, scene: Scene): Page {
  const { speech } = scene;
  const { claimCode } = context;
  if (claimCode === undefined) {
    const money = speech.say('money.nothingCharged');
    return {
      name: 'pay.trouble',
      screen: problemScreen(scene, trouble, { picture: 'trouble', money, actions: ['retry', 'end'] }),
    };
  }
  const standing = scene.ports.money(context.txn);
  const panel = moneyPanel(speech, {
    money: standing,
    printed: context.claimSlip,
    isCodeSlip: true,
    code: claimCode,
  });
  // The bank may answer while the resident still stands here; the code stays, whatever it says.
  const settled = standing.paid === 'yes' || standing.paid === 'no' ? standing.paid : undefined;
  return {
    name: 'pay.trouble',
    speech: panel.speech,
    screen: problemScreen(scene, trouble, {
      picture: settled === 'yes' ? 'done' : 'trouble',
      ...(settled ? { title: speech.say(`panel.settled.${settled}.title`) } : {}),
      money: settled ? speech.say(`panel.settled.${settled}.money`) : speech.say('money.notKnown'),
      lamps: panel.lamps,
      claimCode,
      whatToDo: whatNext(speech, settled, panel.next),
      actions: ['end'],
    }),
  };
}

function whatNext(speech: Scene['speech'], settled: 'yes' | 'no' | undefined, next: string | undefined): string {
  if (settled === 'no') return speech.say('problem.payment.declined.whatToDo');
  if (settled === 'yes') return speech.say('print.keepCode');
  return next ?? speech.say('panel.next.open');
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
  if (context.problem && snapshot.matches('trouble')) return troublePage(context, context.problem, scene);
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

/** R14, R15: a slip, once. "Printed" is shown only on the printer's own evidence; otherwise the page says what stands and what does not. */
import { assign, fromPromise, setup, type SnapshotFrom } from 'xstate';
import { problem, type Problem } from '../../../contract/outcome.schema.ts';
import type { Answers, FlowEvent, Page, Scene, StepInput, StepModule, StepOutput } from '../flow.types.ts';
import { COMMITTED, WORKING } from '../flow.types.ts';
import { moneyPanel } from '../money-panel.ts';
import type { PrintEnd } from '../ports.ts';
import { problemScreen } from '../problem-screen.ts';
import { fillReceipt } from '../receipts.ts';
import { slipTxn, slipValues } from '../slip-values.ts';
import { asModule } from './step-module.ts';

const TAKE_PAPER_MS = 20_000;

interface Context extends StepInput<'print'> {
  /** Of the payment or the ticket the slip belongs to; a slip of its own begins one. */
  readonly txn: string;
  readonly problem?: Problem;
  readonly claimCode?: string | undefined;
}

const machine = setup({
  types: {} as { context: Context; events: FlowEvent; input: StepInput<'print'>; output: StepOutput },
  actors: {
    print: fromPromise<PrintEnd, Context>(({ input, signal }) => {
      const template = input.templates[input.definition.template];
      if (!template) throw new Error(`there is no template ${input.definition.template}`);
      const receipt = fillReceipt(template, input.speech, slipValues(input));
      return input.ports.effects.print({ txn: input.txn, template: template.id, receipt }, signal);
    }),
  },
  delays: { takePaper: TAKE_PAPER_MS },
}).createMachine({
  id: 'print',
  context: ({ input }) => ({ ...input, txn: slipTxn(input.answers) ?? input.ports.newTxn() }),
  initial: 'printing',
  states: {
    printing: {
      tags: [COMMITTED, WORKING],
      invoke: {
        src: 'print',
        input: ({ context }) => context,
        onDone: [
          { guard: ({ event }) => event.output.kind === 'printed', target: 'paperOut' },
          { actions: assign(({ event }) => troubleOf(event.output)), target: 'trouble' },
        ],
        onError: { actions: assign({ problem: problem('kiosk.interrupted') }), target: 'trouble' },
      },
    },
    paperOut: { on: { next: 'taken', 'paper.taken': 'taken' }, after: { takePaper: 'taken' } },
    trouble: { on: { next: 'left' } },
    left: {
      type: 'final',
      output: ({ context }): StepOutput => ({ went: 'leave', because: 'ended', claimCode: context.claimCode }),
    },
    taken: { type: 'final', output: { went: 'on', answer: { kind: 'none' } } satisfies StepOutput },
  },
  output: ({ event }) => event.output as StepOutput,
});

function troubleOf(end: PrintEnd): Partial<Context> {
  if (end.kind === 'printed') throw new Error('guarded: not printed');
  return { problem: end.problem, claimCode: end.kind === 'case' ? end.code : undefined };
}

function paidOf(answers: Answers) {
  return Object.values(answers).find((answer) => answer.kind === 'paid');
}

function ticketOf(answers: Answers) {
  return Object.values(answers).find((answer) => answer.kind === 'ticket');
}

function printingPage(context: Context, { speech }: Scene): Page {
  const paid = paidOf(context.answers);
  return {
    name: 'print.printing',
    screen: {
      kind: 'working',
      act: 'print',
      title: speech.say('print.printing'),
      subtitle: speech.say('print.wait'),
      picture: 'paper-comes-out',
      steps: paid
        ? [
            { label: speech.say('print.lamp.paid'), state: 'done' },
            { label: speech.say('print.lamp.recorded'), state: 'done' },
            { label: speech.say('print.lamp.printed'), state: 'now' },
          ]
        : [{ label: speech.say('print.lamp.printed'), state: 'now' }],
    },
  };
}

function paperPage(context: Context, { speech, ports }: Scene): Page {
  const ticket = ticketOf(context.answers);
  const paid = paidOf(context.answers);
  const values = slipValues(context);
  const panel = paid && moneyPanel(speech, { money: ports.money(paid.txn), printed: 'yes' });
  const title = speech.say(ticket ? 'print.takeTicket' : paid ? 'print.takeReceipt' : 'print.takeSlip');
  const rows = (ticket ? ['queue', 'ahead'] : paid ? ['paid', 'grace'] : ['service', 'holder']).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [{ label: speech.say(`slip.${name}`), value }];
  });
  return {
    name: 'print.paperOut',
    ...(panel ? { speech: `${panel.speech} ${title}` } : {}),
    screen: {
      kind: 'take-paper',
      title,
      subtitle: speech.say('print.tear'),
      picture: 'paper-comes-out',
      ...(ticket?.number === undefined ? {} : { number: ticket.number }),
      rows,
      ...(panel ? { lamps: panel.lamps, ...(panel.next === undefined ? {} : { notice: panel.next }) } : {}),
      next: speech.say('print.taken'),
    },
  };
}

/** The printer itself said that the slip did not come out; anything else is still being looked into. */
function isSureFailure({ code }: Problem): boolean {
  return code.startsWith('printer.');
}

function troublePage(context: Context, trouble: Problem, scene: Scene): Page {
  const { speech } = scene;
  const { claimCode } = context;
  const ticket = ticketOf(context.answers);
  const paid = paidOf(context.answers);
  const claim = claimCode === undefined ? {} : { claimCode };
  const base = { picture: 'paper-trouble', ...claim, actions: ['end'] } as const;
  if (!paid) {
    const number = ticket?.number;
    const title = number ? speech.say('print.failedButNumber', { number }) : speech.say('print.failedTitle');
    const whatToDo = speech.say(ticket ? 'print.rememberNumber' : 'print.keepSlip');
    return { name: 'print.trouble', screen: problemScreen(scene, trouble, { ...base, title, whatToDo }) };
  }
  const printed = claimCode === undefined || isSureFailure(trouble) ? 'no' : 'open';
  const panel = moneyPanel(speech, { money: scene.ports.money(paid.txn), printed, code: claimCode });
  return {
    name: 'print.trouble',
    speech: panel.speech,
    screen: problemScreen(scene, trouble, {
      ...base,
      title: speech.say('print.failedTitle'),
      money: speech.say('print.paidNotPrinted'),
      lamps: panel.lamps,
      whatToDo: panel.next ?? speech.say('print.keepSlip'),
    }),
  };
}

function view(snapshot: SnapshotFrom<typeof machine>, scene: Scene): Page {
  const { context } = snapshot;
  if (snapshot.matches('printing')) return printingPage(context, scene);
  if (context.problem) return troublePage(context, context.problem, scene);
  return paperPage(context, scene);
}

export const printStep: StepModule = asModule({ kind: 'print', machine, view, needs: ['receipt-printer'] });

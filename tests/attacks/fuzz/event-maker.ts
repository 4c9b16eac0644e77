/** Events a terminal could tell next: mostly what makes sense after what it told, now and then what does not. */
import type { StreamEvent, TerminalEvent } from '../../../contract/terminal-event.schema.ts';
import type { Draw } from './draw.ts';
import type { Model, ModelTerminal, StreamName } from './model.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const AMOUNTS = [400, 800, 960, 1_200];
const ACTIONS = [
  'booted',
  'version.healthy',
  'clock.stepped',
  'document.applied',
  'operation.done',
  'disk.ladder',
] as const;

export function makeEvent(
  model: Model,
  terminal: ModelTerminal,
  stream: StreamName,
  draw: Draw,
  nowMs: number,
): StreamEvent {
  const at = new Date(nowMs - draw.below(3_600_000)).toISOString();
  const told = draw.percent(3) ? draw.pick(['ledger', 'audit', 'metrics'] as const) : stream;
  if (told === 'audit') {
    return { type: 'Audit', at, actor: 'engine', action: draw.pick(ACTIONS), target: `t${draw.below(9)}` };
  }
  if (told === 'metrics') {
    return { type: 'Metric', at, name: `m${draw.below(5)}`, value: draw.below(1_000) / 8, ...labelled(draw) };
  }
  return { ...ledgerEvent(model, terminal, draw, at), ...stamped(draw) };
}

function labelled(draw: Draw): { label?: string } {
  return draw.percent(50) ? { label: `l${draw.below(3)}` } : {};
}

function stamped(draw: Draw): { stamp?: { boot: string; monoMs: number; offsetMs?: number; errorMs?: number } } {
  if (draw.percent(50)) return {};
  const heard = draw.percent(50) ? { offsetMs: draw.below(2_000) - 1_000, errorMs: draw.below(500) } : {};
  return { stamp: { boot: `b${draw.below(4)}`, monoMs: draw.below(1e9), ...heard } };
}

function ledgerEvent(model: Model, terminal: ModelTerminal, draw: Draw, at: string): TerminalEvent {
  switch (draw.below(10)) {
    case 0:
      return chargeAsked(model, terminal, draw, at);
    case 1:
    case 2:
    case 3:
      return chargeSettled(model, terminal, draw, at);
    case 4:
      return printSettled(model, terminal, draw, at);
    case 5:
      return ticketIssued(model, terminal, draw, at);
    case 6:
      return draw.percent(60) ? caseOpened(model, terminal, draw, at) : caseClosed(terminal, draw, at);
    case 7:
      return actSettled(model, terminal, draw, at);
    case 8:
      return formSubmitted(model, terminal, draw, at);
    default:
      return { type: 'Rated', at, service: 'parking', stars: draw.between(1, 5) };
  }
}

/** A trade that is known already, or a new one. */
function tradeOf(model: Model, { tables }: ModelTerminal, draw: Draw): { trade: string; amountCents: number } {
  const known = draw.percent(60) ? draw.maybe([...tables.payments]) : undefined;
  if (!known) return { trade: model.next('T'), amountCents: draw.pick(AMOUNTS) };
  return { trade: known[0], amountCents: draw.percent(95) ? known[1].cents : draw.pick(AMOUNTS) };
}

function chargeAsked(model: Model, terminal: ModelTerminal, draw: Draw, at: string): TerminalEvent {
  const { trade, amountCents } = tradeOf(model, terminal, draw);
  return { type: 'ChargeAsked', at, operation: `op-${trade}`, trade, service: 'parking', amountCents };
}

function chargeSettled(model: Model, terminal: ModelTerminal, draw: Draw, at: string): TerminalEvent {
  const state = draw.pick(['paid', 'paid', 'cancelled', 'reversed'] as const);
  const quote = draw.percent(30) ? draw.maybe([...model.bureau.quotes]) : undefined;
  const plain = tradeOf(model, terminal, draw);
  const charge = quote ? { trade: model.next('T'), amountCents: quote[1].cents } : plain;
  const named = quote ? { quote: draw.percent(90) ? quote[0] : 'P0-none' } : {};
  return { type: 'ChargeSettled', at, operation: `op-${charge.trade}`, service: 'parking', ...charge, state, ...named };
}

function printSettled(model: Model, { tables }: ModelTerminal, draw: Draw, at: string): TerminalEvent {
  const job = (draw.percent(20) && draw.maybe([...tables.prints.keys()])) || model.next('J');
  const evidence = draw.percent(3) ? 'nul \u0000 in it' : 'presenter empty';
  const state = draw.pick(['printed', 'notPrinted'] as const);
  const template = draw.percent(90) ? 'receipt' : 'ticket';
  const copy = draw.percent(10) ? { copy: draw.pick([1, 2]) } : {};
  return { type: 'PrintSettled', at, operation: `op-${job}`, job, template, state, evidence, ...copy };
}

function actSettled(model: Model, { tables }: ModelTerminal, draw: Draw, at: string): TerminalEvent {
  const job = (draw.percent(20) && draw.maybe([...tables.acts.keys()])) || model.next('A');
  const act = draw.pick(['unlock', 'dispense', 'retain'] as const);
  const state = draw.pick(['done', 'notDone'] as const);
  return {
    type: 'ActSettled',
    at,
    operation: `op-${job}`,
    job,
    act,
    target: `door-${draw.below(3)}`,
    state,
    evidence: '',
  };
}

function formSubmitted(model: Model, { tables }: ModelTerminal, draw: Draw, at: string): TerminalEvent {
  const operation = (draw.percent(20) && draw.maybe([...tables.forms.keys()])) || model.next('F');
  const personal = String(draw.below(3)).repeat(64);
  return { type: 'FormSubmitted', at, operation, service: 'pension', form: 'pension', formVersion: '3', personal };
}

function caseOpened(model: Model, { tables }: ModelTerminal, draw: Draw, at: string): TerminalEvent {
  const known = draw.percent(15) ? draw.maybe([...tables.cases.keys()]) : undefined;
  const trade = draw.percent(70) ? draw.maybe([...tables.payments.keys()]) : undefined;
  const operation = trade === undefined ? model.next('op-C') : `op-${trade}`;
  const code = known ?? codeOf(draw);
  return {
    type: 'CaseOpened',
    at,
    operation,
    code,
    reason: 'charge.unknown',
    ...(trade === undefined ? {} : { trade }),
  };
}

function caseClosed({ tables }: ModelTerminal, draw: Draw, at: string): TerminalEvent {
  const known = draw.maybe([...tables.cases.values()]);
  const outcome = draw.pick(['delivered', 'reversed', 'cancelled'] as const);
  const operation = known && draw.percent(90) ? known.operation : 'op-other';
  return { type: 'CaseClosed', at, operation, code: known?.code ?? codeOf(draw), outcome, by: 'w17' };
}

function ticketIssued(model: Model, { tables }: ModelTerminal, draw: Draw, at: string): TerminalEvent {
  const block = draw.maybe([...tables.blocks]);
  const operation = (draw.percent(10) && draw.maybe([...tables.tickets.keys()])) || model.next('K');
  const base = { type: 'TicketIssued', at, operation, offline: draw.percent(50) } as const;
  if (!block || draw.percent(10)) return { ...base, queue: 'health', number: '', block: 'none' };
  const [name, { queue, prefix, first, last }] = block;
  const number = draw.percent(90) ? draw.between(first, last) : last + 1;
  return { ...base, queue, block: name, number: `${prefix}${String(number).padStart(3, '0')}` };
}

export function codeOf(draw: Draw): string {
  const part = (): string => Array.from({ length: 4 }, () => ALPHABET[draw.below(32)] ?? '0').join('');
  return `${part()}-${part()}`;
}

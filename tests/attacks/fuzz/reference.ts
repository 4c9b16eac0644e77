/**
 * What the records of a terminal mean, thought through a second time and more simply: one record at a time, in memory. The
 * platform has to come to the same tables and to park the same records for the same reasons.
 */
import type { StreamEvent } from '../../../contract/terminal-event.schema.ts';

type Of<Type extends StreamEvent['type']> = Extract<StreamEvent, { type: Type }>;
type Reason = string | undefined;

export interface Payment {
  state: 'asked' | 'paid' | 'cancelled' | 'reversed';
  readonly cents: number;
}

export interface Case {
  readonly code: string;
  readonly operation: string;
  readonly trade: string | undefined;
  state: string;
  /** A person has decided; a later answer does not change it. */
  decided: boolean;
}

export interface Quote {
  readonly stay: number;
  readonly fromHour: number;
  readonly toHour: number;
  readonly cents: number;
}

export interface Block {
  readonly queue: string;
  readonly prefix: string;
  readonly day: string;
  readonly first: number;
  readonly last: number;
}

/** Shared by all terminals. */
export interface Bureau {
  readonly quotes: Map<string, Quote>;
  readonly graces: { readonly owner: string; readonly stay: number; readonly toHour: number; open: boolean }[];
}

export class ReferenceTables {
  readonly payments = new Map<string, Payment>();
  readonly prints = new Map<string, string>();
  readonly acts = new Map<string, string>();
  readonly forms = new Map<string, string>();
  readonly cases = new Map<string, Case>();
  readonly tickets = new Map<string, { readonly queue: string; readonly number: string; readonly day: string }>();
  readonly metrics = new Map<string, number>();
  readonly blocks = new Map<string, Block>();
  ratings = 0;
  audits = 0;
  readonly #bureau: Bureau;
  readonly #terminal: string;

  constructor(terminal: string, bureau: Bureau) {
    this.#terminal = terminal;
    this.#bureau = bureau;
  }

  /** Why it is parked, if it is. */
  take(stream: string, event: StreamEvent): Reason {
    if (JSON.stringify(event).includes(String.raw`\u0000`)) return 'record.unwritable';
    const own = event.type === 'Audit' ? 'audit' : event.type === 'Metric' ? 'metrics' : 'ledger';
    if (own !== stream) return 'record.ofAnotherStream';
    switch (event.type) {
      case 'Audit':
        this.audits += 1;
        return undefined;
      case 'Metric':
        this.metrics.set(`${event.name} ${event.label ?? ''}`, event.value);
        return undefined;
      case 'Rated':
        this.ratings += 1;
        return undefined;
      case 'ChargeAsked':
        return this.#asked(event);
      case 'ChargeSettled':
        return this.#settled(event);
      case 'PrintSettled':
        return once(this.prints, event.job, slipOf(event), 'print.settledOtherwise');
      case 'ActSettled':
        return once(this.acts, event.job, `${event.act} ${event.target} ${event.state}`, 'act.settledOtherwise');
      case 'FormSubmitted':
        return once(this.forms, event.operation, event.personal, 'form.submittedTwice');
      case 'CaseOpened':
        return this.#opened(event);
      case 'CaseClosed':
        return this.#closed(event);
      case 'TicketIssued':
        return this.#issued(event);
    }
  }

  #asked({ trade, amountCents }: Of<'ChargeAsked'>): Reason {
    const known = this.payments.get(trade);
    if (known) return known.cents === amountCents ? undefined : 'charge.amountChanged';
    this.payments.set(trade, { state: 'asked', cents: amountCents });
    return undefined;
  }

  #settled(event: Of<'ChargeSettled'>): Reason {
    const { trade, amountCents, state } = event;
    const known = this.payments.get(trade);
    if (known && known.cents !== amountCents) return 'charge.amountChanged';
    if (known?.state === state) return undefined;
    const isLate = known?.state === 'reversed' || (known?.state === 'paid' && state === 'cancelled');
    if (known && isLate) return `charge.${state}After-${known.state}`;
    const quoteFault = state === 'paid' ? this.#gate(event) : undefined;
    const owner = `${this.#terminal} ${trade}`;
    if (state !== 'paid') for (const grace of this.#bureau.graces) if (grace.owner === owner) grace.open = false;
    this.payments.set(trade, { state, cents: amountCents });
    let caseFault: Reason;
    for (const one of this.cases.values()) {
      if (one.trade !== trade) continue;
      const fits = one.state === state || (one.state === 'delivered' && state === 'paid');
      if (!one.decided) one.state = state;
      else if (!fits) caseFault = `charge.${state}AfterCase-${one.state}`;
    }
    return quoteFault ?? caseFault;
  }

  #gate({ quote, amountCents, trade }: Of<'ChargeSettled'>): Reason {
    if (quote === undefined) return undefined;
    const known = this.#bureau.quotes.get(quote);
    if (!known) return 'charge.quoteNotKnown';
    if (known.cents !== amountCents) return 'charge.amountIsNotTheQuoted';
    const { graces } = this.#bureau;
    if (graces.some(({ open, stay, toHour }) => open && stay === known.stay && toHour > known.fromHour))
      return 'charge.stayPaidTwice';
    graces.push({ owner: `${this.#terminal} ${trade}`, stay: known.stay, toHour: known.toHour, open: true });
    return undefined;
  }

  #opened({ code, operation, trade }: Of<'CaseOpened'>): Reason {
    const known = this.cases.get(code);
    if (known) return known.operation === operation ? undefined : 'case.codeUsedTwice';
    this.cases.set(code, { code, operation, trade, state: 'open', decided: false });
    return undefined;
  }

  #closed({ code, operation, outcome }: Of<'CaseClosed'>): Reason {
    const known = this.cases.get(code);
    if (!known) return 'case.notKnown';
    if (known.operation !== operation) return 'case.ofAnotherOperation';
    if (known.decided) return known.state === outcome ? undefined : 'case.closedOtherwise';
    known.state = outcome;
    known.decided = true;
    return undefined;
  }

  #issued({ operation, queue, number, block, at }: Of<'TicketIssued'>): Reason {
    const known = this.tickets.get(operation);
    if (known) return known.queue === queue && known.number === number ? undefined : 'ticket.operationUsedTwice';
    if (number === '') {
      this.tickets.set(operation, { queue, number, day: localDay(Date.parse(at)) });
      return undefined;
    }
    const own = this.blocks.get(block);
    const value = Number(number.slice(1));
    if (!own || own.queue !== queue || number[0] !== own.prefix || value < own.first || value > own.last)
      return 'ticket.notFromItsBlock';
    for (const one of this.tickets.values())
      if (one.queue === queue && one.day === own.day && one.number === number) return 'ticket.numberGivenTwice';
    this.tickets.set(operation, { queue, number, day: own.day });
    return undefined;
  }
}

/** UTC+8, without summer time. */
export function localDay(wallMs: number): string {
  return new Date(wallMs + 8 * 3_600_000).toISOString().slice(0, 10);
}

function once(told: Map<string, string>, key: string, word: string, reason: string): Reason {
  const known = told.get(key);
  if (known !== undefined) return known === word ? undefined : reason;
  told.set(key, word);
  return undefined;
}

function slipOf({ operation, template, state, copy = 0 }: Of<'PrintSettled'>): string {
  return `${operation} ${template} ${copy} ${state}`;
}

/** A payment terminal and a printer that remember, across a crash of the kiosk, what really happened to them. */
import type { CommandOf, ReplyOf } from '../../../contract/devices/device-classes.ts';
import { done, failed, unknown, type Outcome } from '../../../contract/outcome.schema.ts';
import type { EffectDevices } from '../effect-context.ts';

type Sale = 'normal' | 'replyLost' | 'requestLost' | 'decline' | 'declineReplyLost' | 'refused';
type Print = 'normal' | 'printedReplyLost' | 'requestLost' | 'paperOut' | 'jam';

/** What goes wrong; counts go down by one with each use. */
export interface Faults {
  sale: Sale;
  print: Print;
  queryFails: number;
  reverseRequestLost: number;
  reverseReplyLost: number;
  reverseRefused: boolean;
  printerAway: boolean;
  settleAway: number;
  cannotTell: boolean;
  retractAway: number;
}

export const NO_FAULTS: Faults = {
  sale: 'normal',
  print: 'normal',
  queryFails: 0,
  reverseRequestLost: 0,
  reverseReplyLost: 0,
  reverseRefused: false,
  printerAway: false,
  settleAway: 0,
  cannotTell: false,
  retractAway: 0,
};

type Terminal = CommandOf<'payment-terminal'>;
type Printer = CommandOf<'receipt-printer'>;

export class FakeDevices implements EffectDevices {
  readonly faults: Faults;
  /** Trade to what the acquirer holds. */
  readonly trades = new Map<string, 'approved' | 'declined' | 'reversed'>();
  /** Commands by kind, in order. */
  readonly commands: string[] = [];
  /** Whole slips that came out, by job. */
  readonly slips: string[] = [];

  constructor(faults: Partial<Faults> = {}) {
    this.faults = { ...NO_FAULTS, ...faults };
  }

  count(kind: string): number {
    return this.commands.filter((command) => command === kind).length;
  }

  /** Money of all trades that is with us. */
  get captured(): number {
    return [...this.trades.values()].filter((state) => state === 'approved').length;
  }

  execute: EffectDevices['execute'] = (deviceClass, command) => {
    this.commands.push(command.kind);
    const outcome =
      deviceClass === 'payment-terminal' ? this.#terminal(command as Terminal) : this.#printer(command as Printer);
    return Promise.resolve(outcome as Outcome<never>);
  };

  #terminal(command: Terminal): Outcome<ReplyOf<'payment-terminal'>> {
    switch (command.kind) {
      case 'sale':
        return this.#sale(command.trade);
      case 'query':
        return this.#query(command.trade);
      case 'reverse':
        return this.#reverse(command.trade);
    }
  }

  #sale(trade: string): Outcome<ReplyOf<'payment-terminal'>> {
    const { sale } = this.faults;
    if (sale === 'refused') return failed('device.refused', 'none');
    if (sale === 'requestLost') return unknown('device.lost');
    this.trades.set(trade, sale.startsWith('decline') ? 'declined' : 'approved');
    return sale === 'replyLost' || sale === 'declineReplyLost' ? unknown('device.deadline') : this.#answer(trade);
  }

  #query(trade: string): Outcome<ReplyOf<'payment-terminal'>> {
    if (this.#uses('queryFails')) return failed('device.absent', 'none');
    return this.#answer(trade);
  }

  #reverse(trade: string): Outcome<ReplyOf<'payment-terminal'>> {
    if (this.#uses('reverseRequestLost')) return unknown('device.lost');
    if (this.faults.reverseRefused) return done({ state: 'declined' }, proof);
    this.trades.set(trade, 'reversed');
    return this.#uses('reverseReplyLost') ? unknown('device.deadline') : this.#answer(trade);
  }

  #answer(trade: string): Outcome<ReplyOf<'payment-terminal'>> {
    const state = this.trades.get(trade) ?? 'notFound';
    if (state === 'approved') {
      return done({ state, voucher: '000123', reference: '083015000123', cardMasked: '620000******0005' }, proof);
    }
    return done(state === 'declined' ? { state, declineCode: '51' } : { state }, proof);
  }

  #printer(command: Printer): Outcome<ReplyOf<'receipt-printer'>> {
    switch (command.kind) {
      case 'checkpoint':
        return this.faults.printerAway
          ? failed('device.absent', 'none')
          : done({ kind: 'checkpoint', checkpoint: `cuts=${this.slips.length}` }, proof);
      case 'print':
        return this.#print(command.job);
      case 'settle':
        if (this.#uses('settleAway')) return failed('device.absent', 'none');
        return done({ kind: 'settle', printed: this.#printed(command.job) }, proof);
      case 'retract':
        return this.#uses('retractAway')
          ? failed('device.absent', 'none')
          : done({ kind: 'retract', retracted: true }, proof);
    }
  }

  #print(job: string): Outcome<ReplyOf<'receipt-printer'>> {
    const { print } = this.faults;
    if (print === 'paperOut') return failed('printer.paperOut', 'none');
    if (print === 'jam') return failed('printer.jammed', 'partial');
    if (print === 'requestLost') return unknown('device.lost');
    this.slips.push(job);
    return print === 'printedReplyLost' ? unknown('device.deadline') : done({ kind: 'print' }, proof);
  }

  #printed(job: string): 'yes' | 'no' | 'cannotTell' {
    if (this.faults.cannotTell) return 'cannotTell';
    return this.slips.includes(job) ? 'yes' : 'no';
  }

  #uses(fault: 'queryFails' | 'reverseRequestLost' | 'reverseReplyLost' | 'settleAway' | 'retractAway'): boolean {
    if (this.faults[fault] <= 0) return false;
    this.faults[fault]--;
    return true;
  }
}

const proof = { method: 'fake', value: 'seen' };

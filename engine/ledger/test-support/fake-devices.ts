/** A payment terminal, a printer and a locker that remember, across a crash of the kiosk, what really happened to them. */
import type { CommandOf, ReplyOf } from '../../../contract/devices/device-classes.ts';
import type { DeviceClass } from '../../../contract/driver.ts';
import { done, failed, unknown, type Outcome } from '../../../contract/outcome.schema.ts';
import type { EffectDevices } from '../effect-context.ts';

type Sale = 'normal' | 'replyLost' | 'requestLost' | 'decline' | 'declineReplyLost' | 'refused';
type Door = 'normal' | 'openedReplyLost' | 'requestLost' | 'stuck';
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
  door: Door;
  doorAway: number;
  /** The compartments have a sensor that says whether something lies in them. */
  doorSensor: boolean;
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
  door: 'normal',
  doorAway: 0,
  doorSensor: false,
};

type Terminal = CommandOf<'payment-terminal'>;
type Printer = CommandOf<'receipt-printer'>;
type Locker = CommandOf<'locker'>;

export class FakeDevices implements EffectDevices {
  readonly faults: Faults;
  /** Trade to what the acquirer holds. */
  readonly trades = new Map<string, 'approved' | 'declined' | 'reversed'>();
  /** Commands by kind, in order. */
  readonly commands: string[] = [];
  /** Whole slips that came out, by job. */
  readonly slips: string[] = [];
  /** Doors that stand open, and how often each was pulsed. */
  readonly openDoors = new Set<number>();
  readonly pulses = new Map<number, number>();

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
    return Promise.resolve(this.#answerOf(deviceClass, command) as Outcome<never>);
  };

  #answerOf(deviceClass: DeviceClass, command: { readonly kind: string }): Outcome<unknown> {
    if (deviceClass === 'payment-terminal') return this.#terminal(command as Terminal);
    return deviceClass === 'locker' ? this.#locker(command as Locker) : this.#printer(command as Printer);
  }

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

  #locker({ kind, door }: Locker): Outcome<ReplyOf<'locker'>> {
    if (kind === 'commission') throw new Error('not by the kiosk');
    if (kind === 'open') return this.#open(door);
    if (this.#uses('doorAway')) return failed('device.absent', 'none');
    const isOpen = this.openDoors.has(door);
    const occupied = this.faults.doorSensor ? { occupied: !this.pulses.has(door) } : {};
    return done({ kind: 'state', door, state: isOpen ? 'open' : 'closed', ...occupied }, proof);
  }

  #open(door: number): Outcome<ReplyOf<'locker'>> {
    const { door: fault } = this.faults;
    if (fault === 'requestLost') return unknown('device.lost');
    this.pulses.set(door, (this.pulses.get(door) ?? 0) + 1);
    if (fault === 'stuck') return failed('locker.notOpened', 'partial');
    this.openDoors.add(door);
    return fault === 'openedReplyLost' ? unknown('device.deadline') : done({ kind: 'open', door }, proof);
  }

  #printed(job: string): 'yes' | 'no' | 'cannotTell' {
    if (this.faults.cannotTell) return 'cannotTell';
    return this.slips.includes(job) ? 'yes' : 'no';
  }

  #uses(
    fault: 'queryFails' | 'reverseRequestLost' | 'reverseReplyLost' | 'settleAway' | 'retractAway' | 'doorAway',
  ): boolean {
    if (this.faults[fault] <= 0) return false;
    this.faults[fault]--;
    return true;
  }
}

const proof = { method: 'fake', value: 'seen' };

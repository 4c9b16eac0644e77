/**
 * The devices of the ledger's own tests, watched by somebody who misses nothing: how often money was really taken, what
 * really came out, who took it from the mouth, and whether a device could have told when it was asked. Survives a crash
 * of the kiosk as real devices do; `copy` makes a second world that goes its own way from here.
 */
import type { OutputFact, TradeFact } from '../../../contract/invariants/facts.types.ts';
import type { ReplyOf } from '../../../contract/devices/device-classes.ts';
import { done, failed, unknown, type Outcome } from '../../../contract/outcome.schema.ts';
import type { EffectDevices } from '../../../engine/ledger/effect-context.ts';
import { FakeDevices, type Faults } from '../../../engine/ledger/test-support/fake-devices.ts';

interface Trade {
  amountCents: number;
  captures: number;
  couldTell: boolean;
  couldReverse: boolean;
}

interface Output {
  readonly what: string;
  originals: number;
  couldTell: boolean;
  readonly takenBy: string[];
}

/** `stuck`: the board pulses and the door stays shut. */
export interface DoorFaults {
  door: 'normal' | 'openedReplyLost' | 'requestLost' | 'stuck';
  /** Questions about a door that fail, from its first pulse on; counted down. */
  doorAway: number;
  /** No sensor in the compartment. */
  doorBlind: boolean;
}

export const NO_DOOR_FAULTS: DoorFaults = { door: 'normal', doorAway: 0, doorBlind: false };

export type CabinetFaults = Faults & DoorFaults;

interface Door {
  isOpen: boolean;
  isFull: boolean;
  isPulsed: boolean;
  openings: number;
  couldTell: boolean;
}

interface Command {
  readonly kind: string;
  readonly door?: number;
  readonly trade?: string;
  readonly job?: string;
  readonly amountCents?: number;
}

const SEEN = { method: 'cabinet', value: 'seen' };

export class Cabinet implements EffectDevices {
  readonly #devices: FakeDevices;
  readonly #trades = new Map<string, Trade>();
  readonly #outputs = new Map<string, Output>();
  readonly #doors = new Map<number, Door>();
  /** Slips that nobody has taken yet. */
  readonly #mouth: string[] = [];
  /** What goes wrong from here on. */
  readonly faults: CabinetFaults;

  constructor(faults: Partial<CabinetFaults> = {}) {
    this.#devices = new FakeDevices(faults);
    this.faults = Object.assign(this.#devices.faults, NO_DOOR_FAULTS, faults);
  }

  copy(): Cabinet {
    const copy = new Cabinet(this.faults);
    for (const [trade, state] of this.#devices.trades) copy.#devices.trades.set(trade, state);
    copy.#devices.slips.push(...this.#devices.slips);
    for (const [trade, fact] of this.#trades) copy.#trades.set(trade, { ...fact });
    for (const [job, fact] of this.#outputs) copy.#outputs.set(job, { ...fact, takenBy: [...fact.takenBy] });
    for (const [door, state] of this.#doors) copy.#doors.set(door, { ...state });
    copy.#mouth.push(...this.#mouth);
    return copy;
  }

  execute: EffectDevices['execute'] = async (deviceClass, command, limits) => {
    if (deviceClass === 'locker') return this.#door(command as Command) as Outcome<never>;
    const slips = this.#devices.slips.length;
    const { sale } = this.faults;
    const isTaken =
      command.kind === 'sale' && sale !== 'refused' && sale !== 'requestLost' && !sale.startsWith('decline');
    const sent = this.#devices.execute(deviceClass, command, limits);
    // what the outside world does is done now, whether or not anybody lives to hear of it
    const asked = command as Command;
    if (asked.trade !== undefined) this.#noteTrade(asked.trade, asked.amountCents ?? 0, isTaken);
    if (asked.job !== undefined) this.#noteJob(asked.job, this.#devices.slips.length - slips);
    if (asked.kind === 'retract') this.#mouth.splice(0);
    const outcome = await sent;
    this.#noteAnswer(asked, outcome);
    return outcome;
  };

  /** A resident leaves and takes along whatever lies in the mouth. */
  take(operation: string): void {
    for (const job of this.#mouth.splice(0)) this.#outputs.get(job)?.takenBy.push(operation);
  }

  provider(): readonly TradeFact[] {
    return [...this.#trades].map(([trade, { amountCents, captures, couldTell, couldReverse }]) => {
      const held = this.#devices.trades.get(trade);
      const state = held === 'approved' ? 'captured' : held === 'reversed' ? 'reversed' : 'none';
      return { trade, state, cents: state === 'none' ? 0 : amountCents, captures, couldTell, couldReverse };
    });
  }

  outputs(): readonly OutputFact[] {
    return [...this.#outputs].map(([job, { what, originals, couldTell, takenBy }]) => ({
      job,
      what,
      originals,
      copies: 0,
      couldTell,
      takenBy,
    }));
  }

  /** How often a door was opened, and whether it could have told. */
  openings(door: number): Pick<OutputFact, 'originals' | 'couldTell'> {
    const { openings, couldTell } = this.#doorAt(door);
    return { originals: openings, couldTell };
  }

  #doorAt(door: number): Door {
    const known = this.#doors.get(door) ?? {
      isOpen: false,
      isFull: true,
      isPulsed: false,
      openings: 0,
      couldTell: true,
    };
    this.#doors.set(door, known);
    return known;
  }

  #door({ kind, door: number = 0 }: Command): Outcome<ReplyOf<'locker'>> {
    const door = this.#doorAt(number);
    const { faults } = this;
    if (kind === 'open') {
      door.isPulsed = true;
      if (faults.door === 'requestLost') return unknown('device.lost');
      if (faults.door === 'stuck') return failed('locker.notOpened', 'none');
      door.isOpen = true;
      door.openings++;
      return faults.door === 'openedReplyLost'
        ? unknown('device.deadline')
        : done({ kind: 'open', door: number }, SEEN);
    }
    if (door.isPulsed && faults.doorAway > 0) {
      faults.doorAway--;
      door.couldTell = false;
      return failed('device.absent', 'none');
    }
    if (faults.doorBlind) door.couldTell = false;
    const occupied = faults.doorBlind ? {} : { occupied: door.isFull };
    return done({ kind: 'state', door: number, state: door.isOpen ? 'open' : 'closed', ...occupied }, SEEN);
  }

  /** A resident empties an open compartment and shuts it. */
  shutDoors(): void {
    for (const door of this.#doors.values()) {
      if (door.isOpen) door.isFull = false;
      door.isOpen = false;
    }
  }

  #noteTrade(trade: string, amountCents: number, isTaken: boolean): void {
    const known = this.#trades.get(trade) ?? { amountCents, captures: 0, couldTell: true, couldReverse: true };
    this.#trades.set(trade, { ...known, captures: known.captures + (isTaken ? 1 : 0) });
  }

  #noteJob(job: string, cameOut: number): void {
    const known = this.#outputs.get(job) ?? { what: '', originals: 0, couldTell: true, takenBy: [] };
    known.originals += cameOut;
    for (let count = 0; count < cameOut; count++) this.#mouth.push(job);
    this.#outputs.set(job, known);
  }

  #noteAnswer({ kind, trade = '', job = '' }: Command, outcome: { kind: string; reply?: object }): void {
    const reply = (outcome.reply ?? {}) as { state?: string; printed?: string };
    const money = this.#trades.get(trade);
    const output = this.#outputs.get(job);
    if (money && kind === 'query' && outcome.kind !== 'done') money.couldTell = false;
    if (money && kind === 'reverse' && reply.state !== 'reversed') money.couldReverse = false;
    if (output && kind === 'settle' && (outcome.kind !== 'done' || reply.printed === 'cannotTell')) {
      output.couldTell = false;
    }
  }
}

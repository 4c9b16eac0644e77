import type { Chance, Clock } from '../../../contract/clock.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { LOCKER_WIRES, type HostRequest, type LockerWire, type LockerWireName } from './locker-wires.ts';

export interface LockerFaults {
  /** The door sensors are wired the other way round. */
  wrongPolarity: boolean;
  /** A pulse is answered and moves nothing. */
  lyingEcho: boolean;
  /** The board says nothing to a pulse, but gives it. */
  muteEcho: boolean;
  /** After a pulse the board hears nothing for this long, except what wakes it (Kerong 38). */
  busyMs: number;
  /** The transceiver hands the host its own bytes back. */
  ownEcho: boolean;
  /** The pulse goes to the lock beside. */
  offByOne: boolean;
  wrongChecksum: boolean;
  /** Right after a pulse comes a state nobody asked for, in which the door is open. */
  strayOpenState: boolean;
  /** The answer to a question is the state as it was at the question before. */
  staleAnswers: boolean;
}

export function noLockerFaults(): LockerFaults {
  return {
    wrongPolarity: false,
    lyingEcho: false,
    muteEcho: false,
    busyMs: 0,
    ownEcho: false,
    offByOne: false,
    wrongChecksum: false,
    strayOpenState: false,
    staleAnswers: false,
  };
}

export interface SimulatedDoor {
  /** As printed on the cabinet, from 1. */
  readonly door: number;
  open: boolean;
  /** The latch does not give when it is pulsed. */
  stuck: boolean;
  /** Something lies in the compartment. */
  occupied: boolean;
  pulses: number;
}

export interface LockerState {
  readonly connected: boolean;
  readonly doors: readonly Readonly<SimulatedDoor>[];
  readonly pulses: number;
  /** A pulse came while another solenoid still drew. */
  readonly overlappingPulses: number;
  readonly faults: LockerFaults & WireFaults;
}

export interface LockerSimulatorOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly model: LockerWireName;
  /** Addresses on the wire, in the order of the doors; one board by default. */
  readonly boards?: readonly number[];
  /** Locks a board; as many as the board has by default. */
  readonly locks?: number;
  readonly sensor?: 'bitMeansClosed' | 'bitMeansOpen';
}

/** From the pulse until the door springs open. */
const LATCH_MS = 150;
/** A solenoid draws for this long. */
const SOLENOID_MS = 500;
const ANSWER_MS = 20;

/** Lock boards on one RS-485 line and the cabinet behind them (device-protocols 6). */
export class LockerSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: LockerFaults = noLockerFaults();
  readonly #clock: Clock;
  readonly #board: LockerWire;
  readonly #addresses: readonly number[];
  readonly #locks: number;
  readonly #bitMeansClosed: boolean;
  readonly #doors: SimulatedDoor[];
  readonly #lastBits = new Map<number, boolean[]>();
  #rest: Uint8Array = new Uint8Array();
  #connected = false;
  #busyUntil = 0;
  #drawingUntil = 0;
  #overlappingPulses = 0;

  constructor(options: LockerSimulatorOptions) {
    this.#clock = options.clock;
    this.#board = LOCKER_WIRES[options.model];
    this.#addresses = options.boards ?? [this.#board.firstBoard];
    this.#locks = options.locks ?? this.#board.locks;
    this.#bitMeansClosed = options.sensor !== 'bitMeansOpen';
    this.#doors = Array.from({ length: this.#addresses.length * this.#locks }, (_, index) => ({
      door: index + 1,
      open: false,
      stuck: false,
      occupied: false,
      pulses: 0,
    }));
    this.wire = new FaultyWire(options.clock, options.chance);
  }

  get state(): LockerState {
    return {
      connected: this.#connected,
      doors: this.#doors.map((door) => ({ ...door })),
      pulses: this.#doors.reduce((sum, door) => sum + door.pulses, 0),
      overlappingPulses: this.#overlappingPulses,
      faults: { ...this.faults, ...this.wire.faults },
    };
  }

  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    return this.wire.outputListeners.add(listener);
  }

  onHangUp(listener: () => void): () => void {
    return this.wire.hangUpListeners.add(listener);
  }

  connected(): void {
    this.#connected = true;
  }

  disconnected(): void {
    this.#connected = false;
    this.#rest = new Uint8Array();
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      if (this.faults.ownEcho) this.wire.send(received);
      this.#rest = Uint8Array.from([...this.#rest, ...received]);
      while (this.#rest.length > 0) {
        const { taken, request } = this.#board.take(this.#rest);
        if (taken === 0) return;
        this.#rest = this.#rest.slice(taken);
        if (request) this.#hear(request);
      }
    });
  }

  /** What hands do. False when there is no such door. */
  setDoor(number: number, change: Partial<Pick<SimulatedDoor, 'open' | 'stuck' | 'occupied'>>): boolean {
    const door = this.#doors[number - 1];
    if (door) Object.assign(door, change);
    return door !== undefined;
  }

  /** All doors shut, free and empty. */
  closeAll(): void {
    for (const door of this.#doors) Object.assign(door, { open: false, stuck: false, occupied: false });
  }

  #hear(request: HostRequest): void {
    if (request.kind === 'wake') this.#busyUntil = 0;
    if (this.#clock.now() < this.#busyUntil) return;
    const at = this.#addresses.indexOf(request.board);
    if (at < 0) return;
    switch (request.kind) {
      case 'open':
        this.#open(request, at);
        return;
      case 'openAll':
        this.#energiseAll(at);
        return;
      case 'query':
      case 'queryAll':
        if (request.lock < this.#locks) this.#answer(request, at, this.faults.staleAnswers);
        return;
      case 'wake':
      case 'other':
        return;
    }
  }

  #answer(request: HostRequest, at: number, isStale: boolean): void {
    this.#say(this.#board.answer(request, this.#view(at, isStale)), ANSWER_MS);
  }

  #open(request: HostRequest, at: number): void {
    const { lock } = request;
    this.#busyUntil = this.#clock.now() + this.faults.busyMs;
    if (!this.faults.muteEcho) this.#answer(request, at, false);
    if (!this.faults.lyingEcho) this.#energise(at, this.faults.offByOne ? (lock + 1) % this.#locks : lock);
    if (!this.faults.strayOpenState) return;
    const { bits, ...view } = this.#view(at, false);
    const asIfOpen = bits.map((bit, index) => (index === lock ? this.#bitOf(true) : bit));
    this.#say(this.#board.state({ ...view, bits: asIfOpen }, lock), ANSWER_MS * 2);
  }

  #energiseAll(at: number): void {
    for (let lock = 0; lock < this.#locks; lock += 1) this.#energise(at, lock);
  }

  #energise(at: number, lock: number): void {
    const door = lock < this.#locks ? this.#doors[at * this.#locks + lock] : undefined;
    if (!door) return;
    door.pulses += 1;
    if (this.#clock.now() < this.#drawingUntil) this.#overlappingPulses += 1;
    this.#drawingUntil = this.#clock.now() + SOLENOID_MS;
    this.#clock.after(LATCH_MS, () => {
      if (!door.stuck) door.open = true;
    });
  }

  #view(at: number, isStale: boolean): { board: number; bits: boolean[]; occupied: boolean[] } {
    const doors = this.#doors.slice(at * this.#locks, (at + 1) * this.#locks);
    const bits = Array.from({ length: this.#board.locks }, (_, lock) => this.#bitOf(doors[lock]?.open ?? false));
    const before = this.#lastBits.get(at) ?? bits;
    this.#lastBits.set(at, bits);
    const occupied = Array.from({ length: this.#board.locks }, (_, lock) => doors[lock]?.occupied ?? false);
    return { board: this.#addresses[at] ?? 0, bits: isStale ? before : bits, occupied };
  }

  #bitOf(open: boolean): boolean {
    return open !== (this.#bitMeansClosed !== this.faults.wrongPolarity);
  }

  #say(bytes: Uint8Array, afterMs: number): void {
    if (bytes.length === 0) return;
    const said = Uint8Array.from(bytes);
    if (this.faults.wrongChecksum) said[said.length - 1] = ((said.at(-1) ?? 0) + 1) % 256;
    this.#clock.after(afterMs, () => this.wire.send(said));
  }
}

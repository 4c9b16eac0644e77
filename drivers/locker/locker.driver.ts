/**
 * The conversation with lock boards (device-protocols 6). A door is pulsed once and never again; only its state, read back
 * and turned, says that it opened. What the board says to the pulse itself is not listened to.
 */
import type { Clock } from '../../contract/clock.ts';
import type { LockerCommand, LockerReply } from '../../contract/devices/locker.schema.ts';
import type { DeviceDescriptor, DeviceStatus, Driver, Limits, SelfTestLine, Signals } from '../../contract/driver.ts';
import { done, failed, unknown, type Evidence, type Outcome, type Problem } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { Exchange, type Turn } from '../link/exchange.ts';
import { Heartbeat } from '../link/heartbeat.ts';
import { leftOpen, notBegun, type Interruption } from '../link/scope.ts';
import { StatusHolder } from '../link/status-holder.ts';
import type { BoardState } from './board-state.ts';
import type { StateDecoder } from './locker-dialects.ts';
import { LockerLine, type DoorReading, type Watched } from './locker-line.ts';
import type { LockerModel } from './locker-models.ts';
import { testLocker } from './locker-self-test.ts';
import { isOpen, type Door } from './locker-settings.schema.ts';

export interface LockerOptions {
  readonly id: string;
  readonly model: LockerModel;
  /** By printed number, from `doorsOf`. */
  readonly doors: ReadonlyMap<number, Door>;
  readonly link: ByteLink;
  readonly clock: Clock;
}

const BEAT_MS = 2_000;
const BEAT_LIMIT_MS = 3_000;
/** Questions in a row without an answer before a board counts as gone. */
const MISSES = 3;
/** Questions until two answers in a row must have agreed. */
const QUESTIONS = 6;
/** Signals are few; doors that stand open come first. */
const MOST_DOOR_SIGNALS = 31;
const NO_EVIDENCE: Evidence = { method: 'none', value: '' };

export class LockerDriver implements Driver<LockerCommand, LockerReply> {
  readonly describe: DeviceDescriptor;
  readonly #model: LockerModel;
  readonly #doors: ReadonlyMap<number, Door>;
  readonly #link: ByteLink;
  readonly #clock: Clock;
  readonly #status = new StatusHolder();
  readonly #decoder: StateDecoder;
  readonly #line: LockerLine;
  readonly #exchange: Exchange<BoardState>;
  readonly #heartbeat: Heartbeat;
  readonly #beatDoors: readonly Door[];
  readonly #openDoors = new Map<number, boolean>();
  readonly #misses = new Map<number, number>();
  #beats = 0;

  constructor(options: LockerOptions) {
    const { id, model, doors, link, clock } = options;
    this.describe = { id, class: 'locker', model: model.name, link: link.address };
    this.#model = model;
    this.#doors = doors;
    this.#link = link;
    this.#clock = clock;
    this.#decoder = model.dialect.decoder();
    this.#line = new LockerLine(model, this.#decoder, clock, (state) => this.#heard(state));
    this.#beatDoors = model.dialect.answersWholeBoard ? firstOfEachBoard(doors) : [...doors.values()];
    this.#heartbeat = new Heartbeat({ clock, everyMs: () => BEAT_MS, beat: () => this.#beat() });
    this.#exchange = new Exchange<BoardState>({
      link,
      clock,
      decode: (chunk) => this.#decoder.push(chunk),
      onOpen: () => this.#opened(),
      onLost: () => this.#lost(),
    });
    link.open();
  }

  status(): DeviceStatus {
    return this.#status.value;
  }

  subscribe(listener: (status: DeviceStatus) => void): () => void {
    return this.#status.subscribe(listener);
  }

  execute(command: LockerCommand, limits: Limits): Promise<Outcome<LockerReply>> {
    const door = this.#doors.get(command.door);
    if (!door) return Promise.resolve(failed('kiosk.badMessage', 'none', `no board has door ${command.door}`));
    return this.#exchange.run(limits, (turn) => {
      switch (command.kind) {
        case 'state':
          return this.#state(turn, door);
        case 'open':
          return this.#open(turn, door);
        case 'commission':
          return this.#commission(turn, door);
      }
    });
  }

  selfTest(): AsyncIterable<SelfTestLine> {
    return testLocker({
      model: this.#model,
      doors: firstOfEachBoard(this.#doors),
      link: this.#link,
      garbageBytes: () => this.#decoder.garbageBytes,
      read: (door) => this.#read(door),
    });
  }

  async close(): Promise<void> {
    this.#heartbeat.stop();
    await this.#exchange.close();
  }

  async #state(turn: Turn<BoardState>, door: Door): Promise<Outcome<LockerReply>> {
    const wait = await this.#line.askTwice(turn, door, QUESTIONS);
    if (wait.kind !== 'got') return this.#unanswered(wait.kind);
    const { bit, present } = wait.value;
    const open = isOpen(door.board.polarity, bit);
    return done(
      {
        kind: 'state',
        door: door.door,
        state: open === undefined ? 'unknown' : open ? 'open' : 'closed',
        ...(door.board.infrared === true && present !== undefined && { occupied: present }),
      },
      { method: 'locker.state', value: `${placeOf(door)} bit ${Number(bit)}` },
    );
  }

  async #open(turn: Turn<BoardState>, door: Door): Promise<Outcome<LockerReply>> {
    const before = await this.#lookBefore(turn, door);
    if ('kind' in before) return before;
    if (isOpen(door.board.polarity, before.bit) === true) {
      // Either it stands open, and then it proves nothing about us, or its sensor or polarity is wrong.
      return failed('locker.alreadyOpen', 'none', `${placeOf(door)} reads open before any pulse`);
    }
    const watched = await this.#pulse(turn, door, before);
    if (watched.kind === 'turned') return done({ kind: 'open', door: door.door }, turnOf(door, before, watched));
    return this.#notTurned(door, before, watched);
  }

  async #commission(turn: Turn<BoardState>, door: Door): Promise<Outcome<LockerReply>> {
    const before = await this.#lookBefore(turn, door);
    if ('kind' in before) return before;
    const watched = await this.#pulse(turn, door, before);
    if (watched.kind !== 'turned') return this.#notTurned(door, before, watched);
    const polarity = before.bit ? 'bitMeansClosed' : 'bitMeansOpen';
    return done({ kind: 'commission', door: door.door, polarity }, turnOf(door, before, watched));
  }

  /** The reading before a pulse, or how the command ended without one. */
  async #lookBefore(turn: Turn<BoardState>, door: Door): Promise<DoorReading | Outcome<never>> {
    if (!(await this.#line.untilPulseIsOver(turn))) return notBegun(turn.scope.interruption ?? 'cancelled');
    const wait = await this.#line.askTwice(turn, door, QUESTIONS);
    return wait.kind === 'got' ? wait.value : this.#unanswered(wait.kind);
  }

  async #pulse(
    turn: Turn<BoardState>,
    door: Door,
    before: DoorReading,
  ): Promise<Watched | { readonly kind: 'unsent' }> {
    if (!this.#line.pulse(turn, door)) return { kind: 'unsent' };
    return this.#line.watch(turn, door, before);
  }

  #notTurned(
    door: Door,
    before: DoorReading,
    watched: Exclude<Watched, { kind: 'turned' }> | { readonly kind: 'unsent' },
  ): Outcome<never> {
    switch (watched.kind) {
      case 'unsent':
        return failed('device.absent', 'none', 'the link went before the pulse');
      case 'ended':
        return leftOpen(watched.reason, { method: 'locker.pulse', value: placeOf(door) });
      case 'unclear':
        return unknown('locker.notOpened', `${placeOf(door)}: no clear answer after the pulse`);
      case 'same': {
        const detail = `${placeOf(door)}: bit still ${Number(watched.reading.bit)}${neighbour(before, watched.reading)}`;
        if (door.board.polarity === 'unknown') return unknown('locker.notCommissioned', detail);
        // The board says that the door stayed shut; the solenoid was pulsed all the same and a stuck latch may yet give.
        return failed('locker.notOpened', 'partial', detail);
      }
    }
  }

  #unanswered(reason: 'timeout' | Interruption): Outcome<never> {
    if (reason !== 'timeout') return notBegun(reason);
    if (this.#line.mayBeBusy) return failed('locker.busy', 'none', 'no answer after the pulse before');
    return failed('device.absent', 'none', `no clear answer on ${this.#link.address}`);
  }

  #read(door: Door): Promise<Outcome<DoorReading>> {
    const limits = { deadline: this.#clock.now() + BEAT_LIMIT_MS, signal: new AbortController().signal };
    return this.#exchange.run(limits, async (turn) => {
      const wait = await this.#line.ask(turn, door);
      return wait.kind === 'got' ? done(wait.value, NO_EVIDENCE) : this.#unanswered(wait.kind);
    });
  }

  #opened(): void {
    this.#decoder.reset();
    this.#misses.clear();
    // A wire that is dialled anew because nobody answered stays offline until somebody does.
    if (this.#status.value.device === 'unknown') {
      this.#status.become({ device: 'starting', paper: 'unknown', media: 'unknown' });
    }
    this.#heartbeat.start();
  }

  #lost(): void {
    this.#heartbeat.stop();
    // Nobody saw what happened meanwhile.
    this.#openDoors.clear();
    this.#goOffline(this.#link.problem ?? { code: 'device.absent' });
  }

  /** A board answered a question of ours. */
  #heard(state: BoardState): void {
    this.#misses.delete(state.board);
    for (const { door, board, lock } of this.#doors.values()) {
      const bit = board.address === state.board ? state.bits[lock - state.firstLock] : undefined;
      const open = bit === undefined ? undefined : isOpen(board.polarity, bit);
      if (open !== undefined) this.#openDoors.set(door, open);
    }
    const silent = this.#silentBoard();
    if (silent !== undefined) return this.#goOffline({ code: 'device.absent', detail: `board ${silent} is silent` });
    this.#status.become({ device: 'online', paper: 'unknown', media: 'unknown', signals: this.#signals() });
  }

  /** `openDoors` is a count; `door7` is true when door 7 stands open. */
  #signals(): Signals {
    const known = [...this.#openDoors].toSorted(([, a], [, b]) => Number(b) - Number(a));
    const openDoors = known.filter(([, open]) => open).length;
    const doors = known.slice(0, MOST_DOOR_SIGNALS).map(([door, open]) => [`door${door}`, open] as const);
    return { openDoors, ...Object.fromEntries(doors) };
  }

  async #beat(): Promise<void> {
    const door = this.#beatDoors[this.#beats % this.#beatDoors.length];
    if (!door || !this.#exchange.isIdle || this.#line.mayBeBusy) return;
    this.#beats += 1;
    const outcome = await this.#read(door);
    if (outcome.kind === 'failed' && outcome.problem.code === 'device.absent') this.#missed(door);
  }

  #missed({ board }: Door): void {
    if (this.#link.state !== 'open') return;
    this.#misses.set(board.address, (this.#misses.get(board.address) ?? 0) + 1);
    const silent = this.#silentBoard();
    if (silent === undefined) return;
    this.#goOffline({ code: 'device.absent', detail: `board ${silent} is silent` });
    const boards = new Set([...this.#doors.values()].map((door) => door.board.address));
    if (this.#misses.size < boards.size) return;
    this.#misses.clear();
    this.#link.reconnect();
  }

  #silentBoard(): number | undefined {
    return [...this.#misses].find(([, count]) => count >= MISSES)?.[0];
  }

  #goOffline(problem: Problem): void {
    const device = problem.code === 'device.driverMissing' ? 'noDevice' : 'offline';
    this.#status.become({ device, paper: 'unknown', media: 'unknown', problem });
  }
}

function firstOfEachBoard(doors: ReadonlyMap<number, Door>): Door[] {
  const first = new Map<number, Door>();
  for (const door of doors.values()) if (!first.has(door.board.address)) first.set(door.board.address, door);
  return [...first.values()];
}

function placeOf({ board, lock }: Door): string {
  return `board ${board.address} lock ${lock}`;
}

function turnOf(door: Door, before: DoorReading, watched: Extract<Watched, { kind: 'turned' }>): Evidence {
  const turn = `bit ${Number(before.bit)} to ${Number(watched.reading.bit)}`;
  return { method: 'locker.stateChange', value: `${placeOf(door)} ${turn} within ${watched.afterMs} ms` };
}

/** Names the lock that turned instead: cabinets are numbered from 1, some wires from 0. */
function neighbour(before: DoorReading, after: DoorReading): string {
  const index = after.state.bits.findIndex(
    (bit, at) => before.state.bits[at] !== undefined && bit !== before.state.bits[at],
  );
  return index < 0 ? '' : `, lock ${after.state.firstLock + index} turned instead`;
}

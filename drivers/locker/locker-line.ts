/**
 * Questions and pulses on a half-duplex line whose answers carry no number (device-protocols 6.4). A reading counts only
 * when nothing that came with it says otherwise, and a fact only when two questions in a row were answered alike: a state
 * that is late, doubled or unasked then proves nothing.
 */
import type { Clock } from '../../contract/clock.ts';
import type { Instant } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';
import type { Interruption, Wait } from '../link/scope.ts';
import type { BoardState } from './board-state.ts';
import type { StateDecoder } from './locker-dialects.ts';
import type { LockerModel } from './locker-models.ts';
import type { Door } from './locker-settings.schema.ts';

export interface DoorReading {
  readonly bit: boolean;
  readonly present: boolean | undefined;
  readonly state: BoardState;
}

/** What five looks at a door after its pulse came to. */
export type Watched =
  | { readonly kind: 'turned'; readonly reading: DoorReading; readonly afterMs: number }
  /** Read as before the pulse, never otherwise, and the last two times clearly. */
  | { readonly kind: 'same'; readonly reading: DoorReading }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'ended'; readonly reason: Interruption };

const POLL_PAUSE_MS = 300;
const POLLS = 5;

export class LockerLine {
  readonly #model: LockerModel;
  readonly #decoder: StateDecoder;
  readonly #clock: Clock;
  readonly #onState: (state: BoardState) => void;
  #quietFrom: Instant = Number.NEGATIVE_INFINITY;
  #pulsedAt: Instant = Number.NEGATIVE_INFINITY;

  /** `onState` hears the answers to questions, not what comes unasked. */
  constructor(model: LockerModel, decoder: StateDecoder, clock: Clock, onState: (state: BoardState) => void) {
    this.#model = model;
    this.#decoder = decoder;
    this.#clock = clock;
    this.#onState = onState;
  }

  /** A pulse was given so lately that silence may mean nothing. */
  get mayBeBusy(): boolean {
    return this.#clock.now() < this.#pulsedAt + this.#model.busyMs.value;
  }

  /** One question. `timeout` also when the answers to it contradict each other. */
  async ask(turn: Turn<BoardState>, door: Door): Promise<Wait<DoorReading>> {
    if (!(await this.#untilQuiet(turn))) return interruptionOf(turn);
    this.#decoder.reset();
    const { dialect, answerMs, gapMs } = this.#model;
    const match = (state: BoardState): DoorReading | undefined => readingOf(state, door);
    const first = await turn.ask(dialect.question(door.board.address, door.lock), match, answerMs.value);
    this.#quietFrom = this.#clock.now();
    if (first.kind !== 'got') return first;
    const gapEnd = this.#clock.now() + gapMs.value;
    let isClear = true;
    for (let leftMs = gapMs.value; leftMs > 0; leftMs = gapEnd - this.#clock.now()) {
      const more = await turn.next(match, leftMs);
      if (more.kind === 'timeout') break;
      if (more.kind !== 'got') return more;
      isClear &&= isAlike(first.value, more.value);
    }
    if (!isClear) return { kind: 'timeout' };
    this.#onState(first.value.state);
    return first;
  }

  /** Asks until two answers in a row agree, at most `questions` times. */
  async askTwice(turn: Turn<BoardState>, door: Door, questions: number): Promise<Wait<DoorReading>> {
    let last: DoorReading | undefined;
    for (let asked = 0; asked < questions; asked += 1) {
      const wait = await this.ask(turn, door);
      if (wait.kind === 'timeout') last = undefined;
      else if (wait.kind !== 'got') return wait;
      else if (last && isAlike(last, wait.value)) return wait;
      else last = wait.value;
    }
    return { kind: 'timeout' };
  }

  /** Two solenoids must never draw at once, whatever became of the command before. False when the command has ended. */
  async untilPulseIsOver(turn: Turn<BoardState>): Promise<boolean> {
    const leftMs = this.#pulsedAt + this.#model.pulseMs.value - this.#clock.now();
    return leftMs <= 0 || turn.scope.pause(leftMs);
  }

  /** Pulses once; false when no byte left. */
  pulse(turn: Turn<BoardState>, door: Door): boolean {
    turn.discard();
    if (!turn.send(this.#model.dialect.pulse(door.board.address, door.lock))) return false;
    this.#pulsedAt = this.#clock.now();
    this.#quietFrom = this.#clock.now();
    return true;
  }

  /** Looks whether the bit turned from what it was, up to five times over about two seconds. */
  async watch(turn: Turn<BoardState>, door: Door, before: DoorReading): Promise<Watched> {
    /** One entry a look: turned, as before, or no clear answer. */
    const looks: (boolean | undefined)[] = [];
    while (wantsAnotherLook(looks)) {
      const wait = (await turn.scope.pause(POLL_PAUSE_MS)) ? await this.ask(turn, door) : interruptionOf(turn);
      if (wait.kind !== 'got' && wait.kind !== 'timeout') return { kind: 'ended', reason: wait.kind };
      looks.push(wait.kind === 'got' ? wait.value.bit !== before.bit : undefined);
      if (wait.kind === 'timeout' || looks.at(-1) !== looks.at(-2)) continue;
      const reading = wait.value;
      if (looks.at(-1) === true) return { kind: 'turned', reading, afterMs: this.#clock.now() - this.#pulsedAt };
      if (looks.length >= POLLS && !looks.includes(true)) return { kind: 'same', reading };
    }
    return { kind: 'unclear' };
  }

  async #untilQuiet(turn: Turn<BoardState>): Promise<boolean> {
    const leftMs = this.#quietFrom + this.#model.gapMs.value - this.#clock.now();
    return leftMs <= 0 || turn.scope.pause(leftMs);
  }
}

/** Five, and a sixth only for a turn first seen in the fifth. */
function wantsAnotherLook(looks: readonly (boolean | undefined)[]): boolean {
  return looks.length < POLLS || (looks.length === POLLS && looks.at(-1) === true);
}

function readingOf(state: BoardState, { board, lock }: Door): DoorReading | undefined {
  if (state.board !== board.address) return undefined;
  const index = lock - state.firstLock;
  const bit = state.bits[index];
  return bit === undefined ? undefined : { bit, present: state.presence?.[index], state };
}

function interruptionOf(turn: Turn<BoardState>): { readonly kind: Interruption } {
  return { kind: turn.scope.interruption ?? 'cancelled' };
}

function isAlike(a: DoorReading, b: DoorReading): boolean {
  return a.bit === b.bit && a.present === b.present;
}

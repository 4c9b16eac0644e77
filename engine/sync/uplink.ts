/**
 * Sends the outbox to the platform, in order, until each record is acknowledged (law 4). Delivery is at least once; the
 * effect is once, because the platform counts by sequence and hash. What the platform's head covers is marked only after
 * the network call is over: a fault of our own book-keeping must never look like a lost line.
 */
import type { Chance, Clock, TimerHandle } from '../../contract/clock.ts';
import { problem, type Problem, type Result } from '../../contract/outcome.schema.ts';
import type { BatchReply, BatchRequest, Head } from '../../contract/platform-api.schema.ts';
import type { TerminalRecord } from '../../contract/terminal-event.schema.ts';
import { fullJitterMs, uniform } from './jitter.ts';
import type { BatchAnswer } from './platform-client.ts';
import type { Presence } from './presence.ts';

const LOOK_EVERY_MS = 5_000;
const BATCH_RECORDS = 500;
const BACK_OFF = { baseMs: 1_000, capMs: 300_000 };
const FIRST_CONTACT_SPREAD_MS = 60_000;
const PARKED_KEPT = 20;

/** The part of the ledger that is sent. */
export interface UplinkOutbox {
  /** Changes whenever the local database is made anew, restored or cloned. */
  readonly incarnation: string;
  /** The next records, oldest first, and the hash they stand on. */
  pending(limit: number): { readonly prevHash: string; readonly records: readonly TerminalRecord[] };
  /** Moves to the platform's head, forward or back; `platform.fork` when our own hash there is another. */
  acknowledge(head: Head): Result<undefined>;
  unacknowledged(): number;
}

export interface UplinkOptions {
  readonly outbox: UplinkOutbox;
  readonly client: { sendBatch(request: BatchRequest): Promise<Result<BatchAnswer>> };
  readonly clock: Clock;
  readonly chance: Chance;
  /**
   * When given, a line that returns ends the back-off, spread over `firstContactSpreadMs` (60 s unless told), and a send
   * that fails makes presence look at once.
   */
  readonly presence?: Pick<Presence, 'subscribe' | 'online' | 'check'>;
  readonly firstContactSpreadMs?: number;
}

export interface UplinkStatus {
  /** `stopped` by a fork: nothing is sent until the program starts anew. */
  readonly state: 'idle' | 'sending' | 'waiting' | 'stopped';
  readonly unacknowledged: number;
  /** Why it waits or stopped. */
  readonly problem: Problem | undefined;
  /** The last records the platform keeps but could not make sense of. */
  readonly parked: readonly { readonly seq: number; readonly reason: string }[];
}

export interface Uplink {
  start(): void;
  /** Ends the timers; what is on its way settles and is marked. */
  stop(): void;
  /** There is something new: send it at once, unless the platform is being given a rest. */
  poke(): void;
  /** Sends what is pending now, once through; resolves when nothing is pending or it has to wait. */
  flush(): Promise<void>;
  status(): UplinkStatus;
}

type Step = 'onward' | 'rest';

export function createUplink(options: UplinkOptions): Uplink {
  return new OutboxUplink(options);
}

class OutboxUplink implements Uplink {
  readonly #options: UplinkOptions;
  #state: UplinkStatus['state'] = 'idle';
  #problem: Problem | undefined;
  #failures = 0;
  #restUntil = 0;
  /** Until when the platform itself asked to be left alone. */
  #promisedRestUntil = 0;
  #rewoundTo: number | undefined;
  #parked: BatchReply['parked'] = [];
  #isRunning = false;
  #timer: TimerHandle | undefined;
  #draining: Promise<void> | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: UplinkOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#unsubscribe = this.#options.presence?.subscribe((online) => this.#onLine(online));
    void this.flush();
  }

  stop(): void {
    this.#isRunning = false;
    this.#unsubscribe?.();
    this.#cancelTimer();
  }

  poke(): void {
    if (this.#isRunning && this.#options.clock.now() >= this.#restUntil) void this.flush();
  }

  flush(): Promise<void> {
    if (this.#state === 'stopped') return Promise.resolve();
    if (this.#draining) return this.#draining;
    const run = this.#sendAll();
    // With nothing pending it is over before it returns.
    if (this.status().state === 'sending') this.#draining = run;
    return run;
  }

  status(): UplinkStatus {
    const unacknowledged = this.#options.outbox.unacknowledged();
    return { state: this.#state, unacknowledged, problem: this.#problem, parked: this.#parked };
  }

  async #sendAll(): Promise<void> {
    const { outbox, client } = this.#options;
    this.#state = 'sending';
    for (;;) {
      const { prevHash, records } = outbox.pending(BATCH_RECORDS);
      const first = records[0];
      // Left in the same turn as the look, so that a poke between the two is not lost.
      if (!first) return this.#settleDown('idle', LOOK_EVERY_MS);
      const answer = await client.sendBatch({ incarnation: outbox.incarnation, prevHash, records: [...records] });
      if (this.#take(answer, first.seq) === 'rest') return;
    }
  }

  #take(answer: Result<BatchAnswer>, firstSeq: number): Step {
    if (!answer.ok) return this.#backOff(answer.problem);
    switch (answer.value.kind) {
      case 'later':
        this.#promisedRestUntil = this.#options.clock.now() + answer.value.afterMs;
        return this.#rest(problem('platform.offline', 'asked to wait'), answer.value.afterMs);
      case 'stored':
        return this.#mark(answer.value.reply, firstSeq);
      case 'standsElsewhere':
        return this.#rewind(answer.value.reply.head);
    }
  }

  #mark(reply: BatchReply, firstSeq: number): Step {
    const marked = this.#options.outbox.acknowledge(reply.head);
    if (!marked.ok) return this.#giveUpOrBackOff(marked.problem);
    const told = new Set(reply.parked.map(({ seq }) => seq));
    this.#parked = [...this.#parked.filter(({ seq }) => !told.has(seq)), ...reply.parked].slice(-PARKED_KEPT);
    if (reply.head.seq < firstSeq) return this.#backOff(problem('platform.badAnswer', 'the head did not move'));
    this.#failures = 0;
    this.#problem = undefined;
    this.#rewoundTo = undefined;
    return 'onward';
  }

  /** The platform stands before or behind us. Our hash at its head decides whether that is the same history. */
  #rewind(head: Head): Step {
    const moved = this.#options.outbox.acknowledge(head);
    if (!moved.ok) return this.#giveUpOrBackOff(moved.problem);
    if (this.#rewoundTo === head.seq) {
      return this.#backOff(problem('platform.refused', `no way on from record ${head.seq}`));
    }
    this.#rewoundTo = head.seq;
    return 'onward';
  }

  #giveUpOrBackOff(reason: Problem): Step {
    if (reason.code !== 'platform.fork') return this.#backOff(reason);
    this.#problem = reason;
    this.#draining = undefined;
    this.#state = 'stopped';
    this.#cancelTimer();
    return 'rest';
  }

  #backOff(reason: Problem): Step {
    const { presence, chance } = this.#options;
    if (reason.code === 'platform.offline' && presence?.online()) void presence.check();
    return this.#rest(reason, fullJitterMs(chance, this.#failures++, BACK_OFF));
  }

  #rest(reason: Problem, delayMs: number): Step {
    this.#problem = reason;
    this.#restUntil = this.#options.clock.now() + delayMs;
    this.#settleDown('waiting', delayMs);
    return 'rest';
  }

  #settleDown(next: 'idle' | 'waiting', delayMs: number): void {
    this.#draining = undefined;
    this.#state = next;
    this.#lookAgainIn(delayMs);
  }

  #onLine(online: boolean): void {
    if (!online || this.#state !== 'waiting') return;
    const { clock, chance, firstContactSpreadMs = FIRST_CONTACT_SPREAD_MS } = this.#options;
    this.#failures = 0;
    this.#restUntil = Math.max(clock.now() + uniform(chance) * firstContactSpreadMs, this.#promisedRestUntil);
    this.#lookAgainIn(this.#restUntil - clock.now());
  }

  #lookAgainIn(delayMs: number): void {
    this.#cancelTimer();
    if (this.#isRunning) this.#timer = this.#options.clock.after(delayMs, () => void this.flush());
  }

  #cancelTimer(): void {
    if (this.#timer) this.#options.clock.cancel(this.#timer);
  }
}

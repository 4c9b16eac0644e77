/**
 * Terminals that come back after an outage, against one platform, on a timeline of its own. Every decision of a terminal (when
 * to send, how much, how long to rest) and of the platform (let in, send away until when, ask to come back when) is made by a
 * policy; what is simulated is the line, the time a batch takes to be stored, and people who go on paying meanwhile.
 */
import {
  afterStored,
  CATCH_UP_RECORDS,
  FRESH_PACE,
  LIVE_RECORDS,
  nextSendAt,
  type SendPace,
} from '../../../engine/sync/send-pace.ts';
import { Draw } from '../support/draw.ts';
import { EventQueue } from './event-queue.ts';
import type { Policy } from './policies.ts';

export interface HerdOptions {
  readonly terminals: number;
  /** Records that wait in each terminal when the line comes back. */
  readonly backlog: number;
  /** Batches the platform stores in a second. */
  readonly batchesPerS: number;
  /** Payments of the whole herd in a second, in terminals that have drained. */
  readonly livePerS: number;
  readonly seed: number;
  readonly limitMs: number;
}

export interface HerdResult {
  readonly accepted: number;
  readonly refused: number;
  /** Most requests in one second. */
  readonly peakPerS: number;
  /** When 90 % of the terminals had nothing left; undefined: not within the limit. */
  readonly drained90Ms: number | undefined;
  /** The slowest hundredth of payments was told to the platform so long after it was made; undefined: none was made. */
  readonly liveP99Ms: number | undefined;
  /** Records that were lost or stored twice: none, or the simulation is wrong. */
  readonly wrong: number;
}

interface Terminal {
  pace: SendPace;
  backlog: number;
  /** Records of it that the platform has. */
  stored: number;
  made: number;
  /** Of the oldest payment that waits. */
  liveSince: number | undefined;
  isSending: boolean;
  dueAt: number;
}

/** Presence looks every 15 s, so the line is seen to be back at any moment of these. */
const BEAT_MS = 15_000;
const TRIP_MS = { least: 40, most: 400 } as const;
/** Batches that share one commit of the platform. */
const GROUP = 16;
/** One payment: asked, settled, printed, rated. */
const RECORDS_A_PAYMENT = 4;
/** Events of the queue: a terminal's number times this, plus which. */
const KINDS = 4;
const WAKE = 0;
const ARRIVE = 1;
const ANSWER = 2;
const PAY = 3;

export function runHerd(policy: Policy, options: HerdOptions): HerdResult {
  return new Herd(policy, options).run();
}

class Herd {
  readonly #policy: Policy;
  readonly #options: HerdOptions;
  readonly #events = new EventQueue();
  readonly #terminals: Terminal[];
  readonly #platform;
  readonly #requests: number[] = [];
  readonly #liveDelays: number[] = [];
  /** What a batch that is on its way to be stored carries, by terminal. */
  readonly #inStore = new Map<number, number>();
  #nowMs = 0;
  readonly #chance: Draw;
  #storeFreeAtMs = 0;
  #sinceCommit = 0;
  #accepted = 0;
  #refused = 0;
  #drained = 0;
  #drained90Ms: number | undefined;

  constructor(policy: Policy, options: HerdOptions) {
    this.#policy = policy;
    this.#options = options;
    this.#chance = new Draw(options.seed);
    this.#platform = policy.platform(() => this.#nowMs);
    const { terminals, backlog } = options;
    this.#terminals = Array.from({ length: terminals }, () => ({
      pace: FRESH_PACE,
      backlog,
      stored: 0,
      made: backlog,
      liveSince: undefined,
      isSending: false,
      dueAt: Number.POSITIVE_INFINITY,
    }));
  }

  run(): HerdResult {
    for (const [index, terminal] of this.#terminals.entries()) {
      const seenAt = this.#draw() * BEAT_MS;
      terminal.pace = this.#policy.lineUp(terminal.pace, seenAt, this.#draw());
      this.#wakeAt(index, Math.max(seenAt, terminal.pace.restUntilMs));
    }
    this.#nextPayment();
    for (let event = this.#events.next(); event; event = this.#events.next()) {
      if (event.atMs > this.#options.limitMs) break;
      this.#nowMs = event.atMs;
      this.#happen(event.what % KINDS, Math.floor(event.what / KINDS));
      // The slow tail says nothing more about a crowd.
      if (this.#drained === this.#terminals.length) break;
    }
    return this.#result();
  }

  #happen(kind: number, index: number): void {
    if (kind === WAKE) this.#send(index);
    else if (kind === ARRIVE) this.#arrive(index);
    else if (kind === ANSWER) this.#answered(index);
    else this.#pay(index);
  }

  #send(index: number): void {
    const terminal = this.#terminal(index);
    // Woken for an instant that was since put off.
    if (terminal.isSending || terminal.backlog === 0 || this.#nowMs < terminal.dueAt) return;
    terminal.isSending = true;
    const second = Math.floor(this.#nowMs / 1_000);
    this.#requests[second] = (this.#requests[second] ?? 0) + 1;
    this.#events.add(this.#nowMs + this.#trip(), index * KINDS + ARRIVE);
  }

  #arrive(index: number): void {
    const records = this.#batchOf(this.#terminal(index));
    // The platform tells it by the size of the body: 16 kB are some 60 records.
    const waitMs = this.#platform.refuse(String(index), records <= LIVE_RECORDS);
    if (waitMs !== undefined) return this.#sentAway(index, waitMs);
    this.#inStore.set(index, records);
    const msPerBatch = 1_000 / this.#options.batchesPerS;
    this.#storeFreeAtMs = Math.max(this.#storeFreeAtMs, this.#nowMs) + msPerBatch;
    this.#sinceCommit += 1;
    if (this.#sinceCommit === GROUP) {
      this.#platform.stored(GROUP, GROUP * msPerBatch);
      this.#sinceCommit = 0;
    }
    this.#events.add(this.#storeFreeAtMs, index * KINDS + ANSWER);
  }

  #sentAway(index: number, waitMs: number): void {
    const terminal = this.#terminal(index);
    this.#refused += 1;
    terminal.isSending = false;
    const answerAt = this.#nowMs + this.#trip();
    // Retry-After is in whole seconds.
    const retryAfterMs = Number.isNaN(waitMs) ? undefined : Math.ceil(waitMs / 1_000) * 1_000;
    terminal.pace = this.#policy.refused(terminal.pace, answerAt, this.#draw(), retryAfterMs);
    this.#plan(index, answerAt);
  }

  #answered(index: number): void {
    const terminal = this.#terminal(index);
    const records = this.#inStore.get(index) ?? 0;
    this.#inStore.delete(index);
    this.#platform.left();
    const next = this.#platform.next(String(index), records);
    this.#accepted += 1;
    terminal.stored += records;
    terminal.backlog -= records;
    terminal.isSending = false;
    if (terminal.liveSince !== undefined && terminal.backlog === 0) {
      this.#liveDelays.push(this.#nowMs - terminal.liveSince);
      terminal.liveSince = undefined;
    }
    const answerAt = this.#nowMs + this.#trip();
    terminal.pace = afterStored(terminal.pace, answerAt, next);
    if (terminal.backlog > 0) return this.#plan(index, answerAt);
    if (terminal.stored >= this.#options.backlog && terminal.stored - records < this.#options.backlog)
      this.#noteDrained();
  }

  #noteDrained(): void {
    this.#drained += 1;
    if (this.#drained === Math.ceil(this.#terminals.length * 0.9)) this.#drained90Ms = this.#nowMs;
  }

  /** Somebody pays at a terminal whose backlog is gone: what a village goes on doing meanwhile. */
  #pay(index: number): void {
    this.#nextPayment();
    const terminal = this.#terminal(index);
    if (terminal.stored < this.#options.backlog) return;
    terminal.backlog += RECORDS_A_PAYMENT;
    terminal.made += RECORDS_A_PAYMENT;
    terminal.liveSince ??= this.#nowMs;
    if (!terminal.isSending) this.#plan(index, this.#nowMs);
  }

  #nextPayment(): void {
    const { livePerS, terminals } = this.#options;
    if (livePerS === 0) return;
    const gapMs = (-Math.log(1 - this.#draw()) * 1_000) / livePerS;
    const index = Math.floor(this.#draw() * terminals);
    this.#events.add(this.#nowMs + gapMs, index * KINDS + PAY);
  }

  #plan(index: number, nowMs: number): void {
    const terminal = this.#terminal(index);
    const urgent = terminal.liveSince !== undefined;
    // A backlog has waited long enough.
    const waiting = { records: terminal.backlog, urgent, sinceMs: Number.NEGATIVE_INFINITY };
    const at = nextSendAt(terminal.pace, nowMs, waiting);
    if (at !== undefined) this.#wakeAt(index, at);
  }

  #wakeAt(index: number, atMs: number): void {
    this.#terminal(index).dueAt = atMs;
    this.#events.add(atMs, index * KINDS + WAKE);
  }

  #batchOf({ backlog, pace }: Terminal): number {
    return Math.min(backlog, pace.maxRecords, this.#policy.maxRecords, CATCH_UP_RECORDS);
  }

  #terminal(index: number): Terminal {
    const terminal = this.#terminals[index];
    if (!terminal) throw new Error(`there is no terminal ${index}`);
    return terminal;
  }

  #trip(): number {
    return TRIP_MS.least / 2 + (this.#draw() * (TRIP_MS.most - TRIP_MS.least)) / 2;
  }

  #draw(): number {
    return this.#chance.next() / 2 ** 32;
  }

  #result(): HerdResult {
    const delays = this.#liveDelays.toSorted((a, b) => a - b);
    return {
      accepted: this.#accepted,
      refused: this.#refused,
      peakPerS: this.#requests.reduce((most, count) => Math.max(most, count), 0),
      drained90Ms: this.#drained90Ms,
      liveP99Ms: delays[Math.floor(delays.length * 0.99)],
      wrong: this.#terminals.filter(({ stored, backlog, made }) => stored + backlog !== made).length,
    };
  }
}

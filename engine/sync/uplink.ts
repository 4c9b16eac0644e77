/**
 * Sends the outbox to the platform, each stream in order, until every record is acknowledged (law 4). Delivery is at least
 * once; the effect is once, because the platform counts by sequence and hash. What the platform's head covers is marked only
 * after the network call is over: a fault of our own book-keeping must never look like a lost line.
 *
 * Lanes: ledger first, then audit, then attachments (one part at a time), then metrics. One request is on its way at a time.
 */
import type { Chance, Clock, TimerHandle } from '../../contract/clock.ts';
import { problem, type Problem, type Result } from '../../contract/outcome.schema.ts';
import type { BatchReply, BatchRequest, Head } from '../../contract/platform-api.schema.ts';
import type { Stream } from '../../contract/terminal-event.schema.ts';
import { uniform } from './jitter.ts';
import { Lane, type LaneBatch, type LaneStep, type UplinkOutbox } from './lane.ts';
import type { BatchAnswer } from './platform-client.ts';
import type { Presence } from './presence.ts';
import * as pacing from './send-pace.ts';

export type { UplinkOutbox } from './lane.ts';

const PARKED_KEPT = 20;
const LANES: readonly Stream[] = ['ledger', 'audit', 'metrics'];
/** Attachments go after what is about money and about who did what, before what may be lost. */
const BEFORE_ATTACHMENTS = 2;

/** Bytes that go up in parts. */
export interface AttachmentLane {
  waiting(): number;
  /** One part; `platform.offline` and the like when the line is gone. */
  sendPart(): Promise<Result<unknown>>;
}

export interface UplinkOptions {
  readonly outbox: UplinkOutbox;
  readonly client: { sendBatch(request: BatchRequest, stream?: Stream): Promise<Result<BatchAnswer>> };
  readonly clock: Clock;
  readonly chance: Chance;
  /** Those of the ledger's streams that are sent; all of them unless told. */
  readonly streams?: readonly Stream[];
  readonly attachments?: AttachmentLane;
  /**
   * When given, a line that returns ends the back-off, spread over `firstContactSpreadMs` (60 s unless told), and a send
   * that fails makes presence look at once.
   */
  readonly presence?: Pick<Presence, 'subscribe' | 'online' | 'check'>;
  readonly firstContactSpreadMs?: number;
  /** What the terminal knows of the time, for the platform's own estimate. */
  readonly clockNow?: () => BatchRequest['clock'];
  /** Every reply that was marked, with the instant its request left. */
  readonly onReply?: (stream: Stream, reply: BatchReply, sentAt: number) => void;
  /** The platform holds another history: goes on under a new incarnation. Without it the uplink stops. */
  readonly onFork?: (stream: Stream, head: Head) => Result<undefined>;
}

export interface UplinkStatus {
  /** `stopped` by a fork with no new incarnation: nothing is sent until the program starts anew. */
  readonly state: 'idle' | 'sending' | 'waiting' | 'stopped';
  /** Of the ledger stream. */
  readonly unacknowledged: number;
  /** Why it waits or stopped. */
  readonly problem: Problem | undefined;
  /** The last records the platform keeps but could not make sense of. */
  readonly parked: readonly { readonly seq: number; readonly reason: string }[];
  /** The platform asked for patience, and for how long still, ms. */
  readonly askedToWaitMs: number;
}

export interface Uplink {
  start(): void;
  /** Ends the timers; what is on its way settles and is marked. */
  stop(): void;
  /**
   * There is something new. `money`, unless told: sent at once. `soon`: with 20 of them, or after 5 s. Neither while the
   * platform is being given a rest.
   */
  poke(urgency?: 'money' | 'soon'): void;
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
  readonly #lanes: readonly Lane[];
  readonly #blockedUntil = new Map<Lane | 'attachments', number>();
  #state: UplinkStatus['state'] = 'idle';
  #problem: Problem | undefined;
  #pace = pacing.FRESH_PACE;
  #blocks = 0;
  #isUrgent = false;
  #parked: BatchReply['parked'] = [];
  #isRunning = false;
  #timer: TimerHandle | undefined;
  #draining: Promise<void> | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: UplinkOptions) {
    this.#options = options;
    const { outbox, streams = LANES } = options;
    this.#lanes = LANES.filter((stream) => streams.includes(stream)).map((stream) => new Lane(stream, outbox));
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

  poke(urgency: 'money' | 'soon' = 'money'): void {
    if (urgency === 'money') this.#isUrgent = true;
    if (!this.#isRunning || this.#draining || this.#state === 'stopped') return;
    if (this.#nextSendAt() <= this.#options.clock.now()) void this.flush();
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
    const { outbox, clock } = this.#options;
    return {
      state: this.#state,
      unacknowledged: outbox.unacknowledged(),
      problem: this.#problem,
      parked: this.#parked,
      askedToWaitMs: Math.max(0, this.#pace.askedUntilMs - clock.now()),
    };
  }

  async #sendAll(): Promise<void> {
    this.#state = 'sending';
    for (;;) {
      const next = this.#nextInLine();
      // Left in the same turn as the look, so that a poke between the two is not lost.
      if (!next) return this.#restOrIdle();
      const step = next === 'attachments' ? await this.#sendPart() : await this.#sendBatch(next.lane, next.batch);
      if (step === 'rest') return;
      if (this.#pace.pacedUntilMs > this.#options.clock.now() && this.#hasBacklog()) return this.#restOrIdle();
    }
  }

  /** The first lane that has something and may send. */
  #nextInLine(): { readonly lane: Lane; readonly batch: LaneBatch } | 'attachments' | undefined {
    const { attachments } = this.#options;
    for (const [index, lane] of this.#lanes.entries()) {
      if (index === BEFORE_ATTACHMENTS && this.#mayPart(attachments)) return 'attachments';
      if (this.#isBlocked(lane)) continue;
      const batch = lane.next(this.#pace.maxRecords);
      if (batch) return { lane, batch };
    }
    const wasAsked = this.#lanes.length > BEFORE_ATTACHMENTS;
    return !wasAsked && this.#mayPart(attachments) ? 'attachments' : undefined;
  }

  #mayPart(attachments: AttachmentLane | undefined): boolean {
    return attachments !== undefined && !this.#isBlocked('attachments') && attachments.waiting() > 0;
  }

  #isBlocked(lane: Lane | 'attachments'): boolean {
    return (this.#blockedUntil.get(lane) ?? 0) > this.#options.clock.now();
  }

  async #sendBatch(lane: Lane, batch: LaneBatch): Promise<Step> {
    const { client, clock, clockNow } = this.#options;
    const sentAt = clock.now();
    const clockFact = clockNow?.();
    const request = clockFact ? { ...batch.request, clock: clockFact } : batch.request;
    const answer = await client.sendBatch(request, lane.stream);
    return this.#take(answer, { lane, batch, sentAt });
  }

  #take(answer: Result<BatchAnswer>, sent: { lane: Lane; batch: LaneBatch; sentAt: number }): Step {
    const { lane, batch, sentAt } = sent;
    if (!answer.ok) return this.#backOff(answer.problem);
    const { value } = answer;
    switch (value.kind) {
      case 'later':
        this.#pace = pacing.afterPlea(this.#pace, this.#options.clock.now(), value.afterMs, this.#draw());
        return this.#rest(problem('platform.offline', 'asked to wait'));
      case 'refused':
        return this.#follow(lane, lane.tooMuch(batch, value.problem));
      case 'standsElsewhere':
        return this.#follow(lane, lane.standsElsewhere(value.reply.head));
      case 'stored': {
        const step = lane.stored(value.reply, batch.firstSeq);
        if (step.kind === 'onward') this.#noteReply(lane, value.reply, sentAt);
        return this.#follow(lane, step);
      }
    }
  }

  #noteReply(lane: Lane, reply: BatchReply, sentAt: number): void {
    if (lane.stream === 'ledger') {
      const told = new Set(reply.parked.map(({ seq }) => seq));
      this.#parked = [...this.#parked.filter(({ seq }) => !told.has(seq)), ...reply.parked].slice(-PARKED_KEPT);
    }
    this.#pace = pacing.afterStored(this.#pace, this.#options.clock.now(), reply.next);
    this.#problem = undefined;
    this.#blocks = 0;
    this.#blockedUntil.delete(lane);
    this.#options.onReply?.(lane.stream, reply, sentAt);
  }

  #follow(lane: Lane, step: LaneStep): Step {
    switch (step.kind) {
      case 'onward':
        return 'onward';
      case 'blocked':
        return this.#block(lane, step.problem);
      case 'fork':
        return this.#fork(lane, step.head, step.problem);
    }
  }

  /** Only this lane rests: full jitter as after a failure, but the others go on. */
  #block(lane: Lane | 'attachments', why: Problem): Step {
    const { clock } = this.#options;
    const rest = pacing.afterFailure({ ...pacing.FRESH_PACE, failures: this.#blocks++ }, clock.now(), this.#draw());
    this.#problem = why;
    this.#blockedUntil.set(lane, rest.restUntilMs);
    return 'onward';
  }

  #fork(lane: Lane, head: Head, why: Problem): Step {
    const renamed = this.#options.onFork?.(lane.stream, head);
    if (renamed?.ok) {
      for (const each of this.#lanes) each.beginAnew();
      return 'onward';
    }
    this.#problem = renamed?.problem ?? why;
    this.#draining = undefined;
    this.#state = 'stopped';
    this.#cancelTimer();
    return 'rest';
  }

  async #sendPart(): Promise<Step> {
    const sent = await this.#options.attachments?.sendPart();
    if (!sent || sent.ok) return 'onward';
    return sent.problem.code === 'platform.offline'
      ? this.#backOff(sent.problem)
      : this.#block('attachments', sent.problem);
  }

  #backOff(reason: Problem): Step {
    const { presence, clock } = this.#options;
    if (reason.code === 'platform.offline' && presence?.online()) void presence.check();
    this.#pace = pacing.afterFailure(this.#pace, clock.now(), this.#draw());
    return this.#rest(reason);
  }

  #rest(reason: Problem): Step {
    this.#problem = reason;
    this.#settleDown('waiting');
    return 'rest';
  }

  #restOrIdle(): void {
    if (!this.#hasBacklog()) this.#isUrgent = false;
    this.#settleDown(this.#hasBacklog() ? 'waiting' : 'idle');
  }

  #settleDown(next: 'idle' | 'waiting'): void {
    this.#draining = undefined;
    this.#state = next;
    this.#lookAgainAt(next === 'idle' ? this.#options.clock.now() + pacing.FLUSH_MS : this.#nextSendAt());
  }

  #hasBacklog(): boolean {
    return this.#lanes.some((lane) => lane.waiting() > 0);
  }

  /** Of whatever waits, as the pace allows; a lane that is blocked counts from when it may go on. */
  #nextSendAt(): number {
    const now = this.#options.clock.now();
    const open = this.#lanes.filter((lane) => lane.waiting() > 0);
    const records = open.reduce((sum, lane) => sum + lane.waiting(), 0);
    const sinceMs = this.#state === 'waiting' ? now - pacing.FLUSH_MS : now;
    const at =
      pacing.nextSendAt(this.#pace, now, { records, urgent: this.#isUrgent, sinceMs }) ?? now + pacing.FLUSH_MS;
    const blocked = open.map((lane) => this.#blockedUntil.get(lane) ?? 0);
    return open.length > 0 ? Math.max(at, Math.min(...blocked)) : at;
  }

  #onLine(online: boolean): void {
    if (!online || this.#state !== 'waiting') return;
    const { clock, firstContactSpreadMs = pacing.FIRST_CONTACT_SPREAD_MS } = this.#options;
    this.#pace = pacing.afterLineUp(this.#pace, clock.now(), this.#draw(), firstContactSpreadMs);
    this.#lookAgainAt(this.#nextSendAt());
  }

  #draw(): number {
    return uniform(this.#options.chance);
  }

  #lookAgainAt(at: number): void {
    const { clock } = this.#options;
    this.#cancelTimer();
    if (this.#isRunning) this.#timer = clock.after(Math.max(0, at - clock.now()), () => void this.flush());
  }

  #cancelTimer(): void {
    if (this.#timer) this.#options.clock.cancel(this.#timer);
  }
}

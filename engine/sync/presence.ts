/** Whether the platform hears us, and what it said last about the queues. What time it is there goes to the clock's trust. */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { Problem, Result } from '../../contract/outcome.schema.ts';
import type { HeartbeatReply } from '../../contract/platform-api.schema.ts';
import type { ClockTrust } from './clock-trust.ts';

const BEAT_MS = 15_000;
/** One missed beat is looked at again soon; only two in a row mean that the line is gone. */
const RECHECK_MS = 2_000;
const MISSES_TO_BE_OFFLINE = 2;
const LONGEST_WITHOUT_BEAT_MS = 60_000;
/** The mainland has one zone, UTC+8. */
const ZONE_MS = 8 * 3_600_000;

export interface QueueFact {
  readonly ahead: number;
  /** `HH:MM` on the platform's clock when this was true. */
  readonly asOf: string;
  readonly opensAt?: string;
}

export interface Presence {
  start(): void;
  stop(): void;
  /** Asks now, as when another call has just failed. Joins a beat that is under way. */
  check(): Promise<void>;
  /** False until the platform has answered once. */
  online(): boolean;
  /** Calls back on each change; returns the way to stop. */
  subscribe(listener: (online: boolean) => void): () => void;
  /** The last thing heard, however old: the slip prints its time. */
  queueFact(queue: string): QueueFact | undefined;
  /** Instant at which the platform was heard last; undefined before the first time. */
  heardAt(): number | undefined;
  /** The platform has shut this terminal out: it answers, and does nothing for us. */
  suspended(): boolean;
  /** Another call was answered: a sign of life, which puts the next beat off, for a minute at most. */
  heard(): void;
}

export interface PresenceOptions {
  readonly client: { heartbeat(): Promise<Result<HeartbeatReply>> };
  readonly clock: Clock;
  readonly time?: Pick<ClockTrust, 'sample' | 'watch'>;
  /** It was shut out when the program ended. */
  readonly isSuspended?: boolean;
}

export function createPresence(options: PresenceOptions): Presence {
  return new HeartbeatPresence(options);
}

class HeartbeatPresence implements Presence {
  readonly #client: PresenceOptions['client'];
  readonly #clock: Clock;
  readonly #listeners = new Set<(online: boolean) => void>();
  readonly #facts = new Map<string, QueueFact>();
  readonly #time: PresenceOptions['time'];
  #isOnline = false;
  #isSuspended: boolean;
  #heardAt: number | undefined;
  #beatAt = 0;
  #misses = 0;
  #isRunning = false;
  #timer: TimerHandle | undefined;
  #beating: Promise<void> | undefined;

  constructor({ client, clock, time, isSuspended = false }: PresenceOptions) {
    this.#isSuspended = isSuspended;
    this.#client = client;
    this.#clock = clock;
    this.#time = time;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.check();
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancelTimer();
  }

  check(): Promise<void> {
    this.#beating ??= this.#beat();
    return this.#beating;
  }

  online(): boolean {
    return this.#isOnline;
  }

  subscribe(listener: (online: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  queueFact(queue: string): QueueFact | undefined {
    return this.#facts.get(queue);
  }

  heardAt(): number | undefined {
    return this.#heardAt;
  }

  suspended(): boolean {
    return this.#isSuspended;
  }

  heard(): void {
    const now = this.#clock.now();
    this.#heardAt = now;
    // A beat also brings the queues' lengths, which must not grow old because records go up.
    if (!this.#isOnline || this.#misses > 0 || now - this.#beatAt >= LONGEST_WITHOUT_BEAT_MS) return;
    if (this.#isRunning && !this.#beating) this.#beatIn(BEAT_MS);
  }

  async #beat(): Promise<void> {
    this.#cancelTimer();
    const sentAt = this.#clock.now();
    this.#time?.watch();
    const reply = await this.#client.heartbeat();
    this.#beating = undefined;
    if (reply.ok) this.#hear(reply.value, sentAt);
    else this.#miss(reply.problem);
    const isDoubtful = this.#misses > 0 && this.#misses < MISSES_TO_BE_OFFLINE;
    if (this.#isRunning && !this.#beating) this.#beatIn(isDoubtful ? RECHECK_MS : BEAT_MS);
  }

  #beatIn(delayMs: number): void {
    this.#cancelTimer();
    this.#timer = this.#clock.after(delayMs, () => void this.check());
  }

  #hear(reply: HeartbeatReply, sentAt: number): void {
    this.#misses = 0;
    this.#beatAt = this.#clock.now();
    this.#heardAt = this.#beatAt;
    this.#time?.sample(reply.nowMs, sentAt);
    const asOf = new Date(reply.nowMs + ZONE_MS).toISOString().slice(11, 16);
    for (const { queue, ahead, opensAt } of reply.queues) {
      this.#facts.set(queue, { ahead, asOf, ...(opensAt === undefined ? {} : { opensAt }) });
    }
    this.#become(true, false);
  }

  #miss(why: Problem): void {
    this.#misses++;
    // Stays until the platform says otherwise: pulling the cable must not open a stolen machine.
    const isSuspended = this.#isSuspended || why.code === 'platform.suspended';
    if (isSuspended || this.#misses >= MISSES_TO_BE_OFFLINE) this.#become(false, isSuspended);
  }

  #become(online: boolean, suspended: boolean): void {
    if (online === this.#isOnline && suspended === this.#isSuspended) return;
    this.#isOnline = online;
    this.#isSuspended = suspended;
    for (const listener of [...this.#listeners]) listener(online);
  }

  #cancelTimer(): void {
    if (this.#timer) this.#clock.cancel(this.#timer);
  }
}

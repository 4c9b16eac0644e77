/** Whether the platform hears us, what it said last about the queues, and what time it is there. */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { Result } from '../../contract/outcome.schema.ts';
import type { HeartbeatReply } from '../../contract/platform-api.schema.ts';
import { createTimeEstimate, type TimeEstimate } from './time-estimate.ts';

const BEAT_MS = 15_000;
/** One missed beat is looked at again soon; only two in a row mean that the line is gone. */
const RECHECK_MS = 2_000;
const MISSES_TO_BE_OFFLINE = 2;
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
  /** Platform wall time less ours, ms; undefined until heard. */
  clockOffsetMs(): number | undefined;
}

export interface PresenceOptions {
  readonly client: { heartbeat(): Promise<Result<HeartbeatReply>> };
  readonly clock: Clock;
}

export function createPresence(options: PresenceOptions): Presence {
  return new HeartbeatPresence(options);
}

class HeartbeatPresence implements Presence {
  readonly #client: PresenceOptions['client'];
  readonly #clock: Clock;
  readonly #listeners = new Set<(online: boolean) => void>();
  readonly #facts = new Map<string, QueueFact>();
  readonly #time: TimeEstimate;
  #isOnline = false;
  #misses = 0;
  #isRunning = false;
  #timer: TimerHandle | undefined;
  #beating: Promise<void> | undefined;

  constructor({ client, clock }: PresenceOptions) {
    this.#client = client;
    this.#clock = clock;
    this.#time = createTimeEstimate(clock);
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

  clockOffsetMs(): number | undefined {
    return this.#time.offsetMs();
  }

  async #beat(): Promise<void> {
    this.#cancelTimer();
    const sentAt = this.#clock.now();
    const reply = await this.#client.heartbeat();
    this.#beating = undefined;
    if (reply.ok) this.#hear(reply.value, sentAt);
    else this.#miss();
    const isDoubtful = this.#misses > 0 && this.#misses < MISSES_TO_BE_OFFLINE;
    const nextMs = isDoubtful ? RECHECK_MS : BEAT_MS;
    if (this.#isRunning && !this.#beating) this.#timer = this.#clock.after(nextMs, () => void this.check());
  }

  #hear(reply: HeartbeatReply, sentAt: number): void {
    this.#misses = 0;
    this.#time.sample(reply.nowMs, sentAt);
    const asOf = new Date(reply.nowMs + ZONE_MS).toISOString().slice(11, 16);
    for (const { queue, ahead, opensAt } of reply.queues) {
      this.#facts.set(queue, { ahead, asOf, ...(opensAt === undefined ? {} : { opensAt }) });
    }
    this.#become(true);
  }

  #miss(): void {
    this.#misses++;
    if (this.#misses >= MISSES_TO_BE_OFFLINE) this.#become(false);
  }

  #become(online: boolean): void {
    if (online === this.#isOnline) return;
    this.#isOnline = online;
    for (const listener of [...this.#listeners]) listener(online);
  }

  #cancelTimer(): void {
    if (this.#timer) this.#clock.cancel(this.#timer);
  }
}

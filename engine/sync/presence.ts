/** Whether the platform hears us, what it said last about the queues, and what time it is there. */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { Result } from '../../contract/outcome.schema.ts';
import type { HeartbeatReply } from '../../contract/platform-api.schema.ts';
import { createTimeEstimate } from './time-estimate.ts';

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

export function createPresence({ client, clock }: PresenceOptions): Presence {
  const listeners = new Set<(online: boolean) => void>();
  const facts = new Map<string, QueueFact>();
  const time = createTimeEstimate(clock);
  let isOnline = false;
  let misses = 0;
  let isRunning = false;
  let timer: TimerHandle | undefined;
  let beating: Promise<void> | undefined;

  async function beat(): Promise<void> {
    if (timer) clock.cancel(timer);
    const sentAt = clock.now();
    const reply = await client.heartbeat();
    beating = undefined;
    if (reply.ok) hear(reply.value, sentAt);
    else miss();
    if (isRunning) timer = clock.after(nextBeatMs(), () => void check());
  }

  function nextBeatMs(): number {
    return misses > 0 && misses < MISSES_TO_BE_OFFLINE ? RECHECK_MS : BEAT_MS;
  }

  function check(): Promise<void> {
    beating ??= beat();
    return beating;
  }

  function hear(reply: HeartbeatReply, sentAt: number): void {
    misses = 0;
    time.sample(reply.nowMs, sentAt);
    const asOf = new Date(reply.nowMs + ZONE_MS).toISOString().slice(11, 16);
    for (const { queue, ahead, opensAt } of reply.queues) {
      facts.set(queue, { ahead, asOf, ...(opensAt === undefined ? {} : { opensAt }) });
    }
    become(true);
  }

  function miss(): void {
    misses++;
    if (misses >= MISSES_TO_BE_OFFLINE) become(false);
  }

  function become(online: boolean): void {
    if (online === isOnline) return;
    isOnline = online;
    for (const listener of [...listeners]) listener(online);
  }

  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      void check();
    },
    stop() {
      isRunning = false;
      if (timer) clock.cancel(timer);
    },
    check,
    online: () => isOnline,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    queueFact: (queue) => facts.get(queue),
    clockOffsetMs: () => time.offsetMs(),
  };
}

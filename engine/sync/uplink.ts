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
  const { outbox, client, clock, chance } = options;
  let state: UplinkStatus['state'] = 'idle';
  let trouble: Problem | undefined;
  let failures = 0;
  let restUntil = 0;
  let promisedRestUntil = 0;
  let rewoundTo: number | undefined;
  let parked: BatchReply['parked'] = [];
  let isRunning = false;
  let timer: TimerHandle | undefined;
  let draining: Promise<void> | undefined;

  function lookAgainIn(delayMs: number): void {
    if (timer) clock.cancel(timer);
    if (isRunning) timer = clock.after(delayMs, () => void drain());
  }

  function isSending(): boolean {
    return state === 'sending';
  }

  function drain(): Promise<void> {
    if (state === 'stopped') return Promise.resolve();
    if (draining) return draining;
    const run = sendAll();
    // With nothing pending it is over before it returns.
    if (isSending()) draining = run;
    return run;
  }

  async function sendAll(): Promise<void> {
    state = 'sending';
    for (;;) {
      const { prevHash, records } = outbox.pending(BATCH_RECORDS);
      const first = records[0];
      // Left in the same turn as the look, so that a poke between the two is not lost.
      if (!first) return settleDown('idle', LOOK_EVERY_MS);
      const answer = await client.sendBatch({ incarnation: outbox.incarnation, prevHash, records: [...records] });
      if (take(answer, first.seq) === 'rest') return;
    }
  }

  function take(answer: Result<BatchAnswer>, firstSeq: number): Step {
    if (!answer.ok) return backOff(answer.problem);
    switch (answer.value.kind) {
      case 'later':
        promisedRestUntil = clock.now() + answer.value.afterMs;
        return rest(problem('platform.offline', 'asked to wait'), answer.value.afterMs);
      case 'stored':
        return mark(answer.value.reply, firstSeq);
      case 'standsElsewhere':
        return rewind(answer.value.reply.head);
    }
  }

  function mark(reply: BatchReply, firstSeq: number): Step {
    const marked = outbox.acknowledge(reply.head);
    if (!marked.ok) return giveUpOrBackOff(marked.problem);
    const told = new Set(reply.parked.map(({ seq }) => seq));
    parked = [...parked.filter(({ seq }) => !told.has(seq)), ...reply.parked].slice(-PARKED_KEPT);
    if (reply.head.seq < firstSeq) return backOff(problem('platform.badAnswer', 'the head did not move'));
    failures = 0;
    trouble = undefined;
    rewoundTo = undefined;
    return 'onward';
  }

  /** The platform stands before or behind us. Our hash at its head decides whether that is the same history. */
  function rewind(head: Head): Step {
    const moved = outbox.acknowledge(head);
    if (!moved.ok) return giveUpOrBackOff(moved.problem);
    if (rewoundTo === head.seq) return backOff(problem('platform.refused', `no way on from record ${head.seq}`));
    rewoundTo = head.seq;
    return 'onward';
  }

  function giveUpOrBackOff(reason: Problem): Step {
    if (reason.code !== 'platform.fork') return backOff(reason);
    trouble = reason;
    draining = undefined;
    state = 'stopped';
    if (timer) clock.cancel(timer);
    return 'rest';
  }

  function backOff(reason: Problem): Step {
    if (reason.code === 'platform.offline' && options.presence?.online()) void options.presence.check();
    return rest(reason, fullJitterMs(chance, failures++, BACK_OFF));
  }

  function rest(reason: Problem, delayMs: number): Step {
    trouble = reason;
    restUntil = clock.now() + delayMs;
    settleDown('waiting', delayMs);
    return 'rest';
  }

  function settleDown(next: 'idle' | 'waiting', delayMs: number): void {
    draining = undefined;
    state = next;
    lookAgainIn(delayMs);
  }

  function onLine(online: boolean): void {
    if (!online || state !== 'waiting') return;
    failures = 0;
    const spreadMs = uniform(chance) * (options.firstContactSpreadMs ?? FIRST_CONTACT_SPREAD_MS);
    restUntil = Math.max(clock.now() + spreadMs, promisedRestUntil);
    lookAgainIn(restUntil - clock.now());
  }

  let unsubscribe: (() => void) | undefined;
  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      unsubscribe = options.presence?.subscribe(onLine);
      void drain();
    },
    stop() {
      isRunning = false;
      unsubscribe?.();
      if (timer) clock.cancel(timer);
    },
    poke() {
      if (isRunning && clock.now() >= restUntil) void drain();
    },
    flush: drain,
    status: () => ({ state, unacknowledged: outbox.unacknowledged(), problem: trouble, parked }),
  };
}

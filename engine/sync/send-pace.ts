/**
 * When to send next, and how much: pure, so that a herd of a hundred thousand terminals can be simulated with the very
 * decisions one terminal makes (`npm run sim:herd`). Instants are of the monotonic clock, ms (money-and-sync 0.7, 1.2, 5.5).
 */
import type { BatchReply } from '../../contract/platform-api.schema.ts';

/** A batch goes when so many records wait, or when the oldest has waited so long; money goes at once. */
export const FLUSH_RECORDS = 20;
export const FLUSH_MS = 5_000;
/** The most that the contract lets a batch carry: what a backlog is drained with. */
export const CATCH_UP_RECORDS = 500;
/** What is told of one resident's money; a platform that drains a backlog lets so little in at any time. */
export const LIVE_RECORDS = 40;
export const BACK_OFF = { baseMs: 1_000, capMs: 300_000 } as const;
export const FIRST_CONTACT_SPREAD_MS = 60_000;
const RETRY_AFTER_STEP_MS = 1_000;
/** 2 to this power times the base is past the cap. */
const LAST_DOUBLING = 20;

export interface SendPace {
  /** Tries that failed one after the other. */
  readonly failures: number;
  /** Our own rest after a failure, or spread after the line came back. */
  readonly restUntilMs: number;
  /** The platform's `Retry-After`: nothing goes before it. */
  readonly askedUntilMs: number;
  /** The platform's `next`: a backlog waits for it, fresh money does not. */
  readonly pacedUntilMs: number;
  readonly maxRecords: number;
}

export const FRESH_PACE: SendPace = {
  failures: 0,
  restUntilMs: 0,
  askedUntilMs: 0,
  pacedUntilMs: 0,
  maxRecords: CATCH_UP_RECORDS,
};

export function afterStored(pace: SendPace, nowMs: number, next: BatchReply['next']): SendPace {
  return {
    ...pace,
    failures: 0,
    restUntilMs: 0,
    pacedUntilMs: next ? nowMs + next.afterMs : 0,
    maxRecords: next?.maxRecords ?? CATCH_UP_RECORDS,
  };
}

/** Full jitter: anything between nothing and the base doubled with each failed try, up to the cap. `draw` in [0, 1). */
export function afterFailure(pace: SendPace, nowMs: number, draw: number): SendPace {
  const longest = Math.min(BACK_OFF.capMs, BACK_OFF.baseMs * 2 ** Math.min(pace.failures, LAST_DOUBLING));
  return { ...pace, failures: pace.failures + 1, restUntilMs: nowMs + draw * longest };
}

/**
 * The platform is there and asks for patience: that is no failure of ours. `Retry-After` is in whole seconds, so hundreds
 * of terminals would come in the same instant and find no room: each comes at its own moment of the second after. `draw` in
 * [0, 1).
 */
export function afterPlea(pace: SendPace, nowMs: number, afterMs: number, draw: number): SendPace {
  return { ...pace, failures: 0, restUntilMs: 0, askedUntilMs: nowMs + afterMs + draw * RETRY_AFTER_STEP_MS };
}

/** The line is back: every terminal sees it in the same second, so each comes at its own moment. `draw` in [0, 1). */
export function afterLineUp(pace: SendPace, nowMs: number, draw: number, spreadMs: number): SendPace {
  return { ...pace, failures: 0, restUntilMs: nowMs + draw * spreadMs };
}

export interface Waiting {
  readonly records: number;
  /** Something among them is about money, and somebody stands before the machine. */
  readonly urgent: boolean;
  /** When the oldest of them was first seen waiting. */
  readonly sinceMs: number;
}

/**
 * The instant of the next batch; undefined while there is nothing to send. Money passes over the platform's pacing only
 * when no backlog lies before it: records go in their order, so it would have to wait for that anyway.
 */
export function nextSendAt(pace: SendPace, nowMs: number, waiting: Waiting): number | undefined {
  if (waiting.records === 0) return undefined;
  const passes = waiting.urgent && waiting.records <= LIVE_RECORDS;
  const gate = Math.max(pace.restUntilMs, pace.askedUntilMs, passes ? 0 : pace.pacedUntilMs);
  const ready = waiting.urgent || waiting.records >= FLUSH_RECORDS ? nowMs : waiting.sinceMs + FLUSH_MS;
  return Math.max(gate, ready, nowMs);
}

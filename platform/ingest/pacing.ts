/**
 * How a crowd is taken in after an outage (money-and-sync 5.5). Whoever cannot be taken now is given a place of its own in the
 * time to come, at the rate at which batches are really stored, and is let in at it: so each is sent away about once, however
 * many they are. What is live, small batches of the ledger, in which money is told, is let in at once.
 */
import { MOST_RECORDS_A_BATCH, type BatchReply } from '../../contract/platform-api.schema.ts';

export interface Pacer {
  /** Before a byte of a batch is read. Nothing: come in, and say `left` afterwards. Otherwise ms to stay away. */
  refuse(terminal: string, isLive: boolean): number | undefined;
  /** A batch that came in was answered. */
  left(): void;
  /** A commit of that many batches took so long. */
  stored(batches: number, tookMs: number): void;
  /** For the answer to a batch of that many: when to come with the next one, while others wait as well. */
  next(terminal: string, records: number): BatchReply['next'];
}

export interface PacerOptions {
  /** Monotonic, ms. */
  readonly now: () => number;
  /** Batches that may be under way at once; more would only wait in memory. */
  readonly room?: number;
}

const ROOM = 128;
/** Live batches, and those who come to their place, are sent away beyond this, too: the memory is finite. */
const EXPECTED_ROOM = 1_024;
const LIVE_WAIT_MS = 2_000;
/** Before anything was measured. */
const FIRST_RATE_PER_S = 200;
const RATE_WEIGHT = 0.1;
/** Part of the rate that is given away; the rest is for what is live. */
const GIVEN_AWAY = 0.8;
const FURTHEST_MS = 10 * 60_000;
/** Whoever does not come to its place within this has lost it. */
const KEPT_MS = 60_000;
/** A batch of this many is not the last one. */
const BACKLOG_RECORDS = 100;

export function createPacer({ now, room = ROOM }: PacerOptions): Pacer {
  const places = new Map<string, number>();
  let inside = 0;
  let lastPlaceMs = 0;
  let ratePerS = FIRST_RATE_PER_S;

  function book(terminal: string, nowMs: number): number {
    forgetMissed(places, nowMs);
    const spacingMs = 1_000 / (ratePerS * GIVEN_AWAY);
    lastPlaceMs = Math.max(lastPlaceMs, nowMs) + spacingMs;
    // beyond the horizon the places of ten minutes are given out once more
    if (lastPlaceMs > nowMs + FURTHEST_MS) lastPlaceMs = nowMs + spacingMs;
    places.set(terminal, lastPlaceMs);
    return lastPlaceMs - nowMs;
  }

  return {
    refuse(terminal, isLive) {
      const nowMs = now();
      const place = places.get(terminal);
      if (place !== undefined && place > nowMs && !isLive) return place - nowMs;
      // a place is a promise: those of one second come in one heap, because Retry-After counts seconds
      const isExpected = isLive || place !== undefined;
      if (isExpected && inside >= EXPECTED_ROOM) return isLive ? LIVE_WAIT_MS : book(terminal, nowMs);
      // whoever is new takes what those with a place leave over
      if (!isExpected && inside >= room) return book(terminal, nowMs);
      places.delete(terminal);
      inside += 1;
      return undefined;
    },
    left() {
      inside -= 1;
    },
    stored(batches, tookMs) {
      if (tookMs > 0) ratePerS += RATE_WEIGHT * ((batches * 1_000) / tookMs - ratePerS);
    },
    next(terminal, records) {
      const nowMs = now();
      const isCrowded = inside >= room || lastPlaceMs > nowMs;
      if (records < BACKLOG_RECORDS || !isCrowded) return undefined;
      return { afterMs: Math.ceil(book(terminal, nowMs)), maxRecords: MOST_RECORDS_A_BATCH };
    },
  };
}

/** Places are in the order of their time, because they are given out in it. */
function forgetMissed(places: Map<string, number>, nowMs: number): void {
  for (const [terminal, placeMs] of places) {
    if (placeMs + KEPT_MS > nowMs) return;
    places.delete(terminal);
  }
}

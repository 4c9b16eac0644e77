/**
 * How terminals and platform behave when the line is back. `ours` is the product's own code on both sides: the pace of the
 * uplink and the pacer of the platform. The others are what is usually written; they show what the rules are for.
 */
import * as pacing from '../../../engine/sync/send-pace.ts';
import type { SendPace } from '../../../engine/sync/send-pace.ts';
import { createPacer, type Pacer } from '../../../platform/ingest/pacing.ts';

export interface Policy {
  readonly name: string;
  /** Batches carry at most so many records. */
  readonly maxRecords: number;
  /** The line is seen to be back. */
  lineUp(pace: SendPace, nowMs: number, draw: number): SendPace;
  /** Told to come back after so long; undefined: only refused. */
  refused(pace: SendPace, nowMs: number, draw: number, retryAfterMs: number | undefined): SendPace;
  platform(now: () => number): Pacer;
}

const product: Policy = {
  name: 'ours',
  maxRecords: pacing.CATCH_UP_RECORDS,
  lineUp: (pace, nowMs, draw) => pacing.afterLineUp(pace, nowMs, draw, pacing.FIRST_CONTACT_SPREAD_MS),
  refused: (pace, nowMs, draw, retryAfterMs) =>
    retryAfterMs === undefined
      ? pacing.afterFailure(pace, nowMs, draw)
      : pacing.afterPlea(pace, nowMs, retryAfterMs, draw),
  platform: (now) => createPacer({ now }),
};

/** Refuses whoever finds no room, and says nothing of when to come back. */
function plainPlatform(): Pacer {
  let inside = 0;
  return {
    refuse() {
      if (inside >= 128) return Number.NaN;
      inside += 1;
      return undefined;
    },
    left: () => void (inside -= 1),
    stored: () => undefined,
    next: () => undefined,
  };
}

const rested = (pace: SendPace, restUntilMs: number): SendPace => ({
  ...pace,
  failures: pace.failures + 1,
  restUntilMs,
});

export const OURS = product;
export const WORSE: readonly Policy[] = [
  {
    ...product,
    name: 'fixed 5 s',
    lineUp: (pace) => pace,
    refused: (pace, nowMs) => rested(pace, nowMs + 5_000),
    platform: plainPlatform,
  },
  {
    ...product,
    name: 'exponential, no jitter',
    lineUp: (pace) => pace,
    refused: (pace, nowMs) => pacing.afterFailure(pace, nowMs, 1),
    platform: plainPlatform,
  },
  {
    ...product,
    name: 'full jitter, cap 5 min',
    lineUp: (pace) => pace,
    refused: (pace, nowMs, draw) => pacing.afterFailure(pace, nowMs, draw),
    platform: plainPlatform,
  },
  {
    ...product,
    name: '+ first contact spread 60 s',
    refused: (pace, nowMs, draw) => pacing.afterFailure(pace, nowMs, draw),
    platform: plainPlatform,
  },
  { ...product, name: 'ours, batches of 20', maxRecords: 20 },
];

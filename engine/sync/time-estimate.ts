/**
 * The platform's wall time, estimated from the quickest of the last eight round trips: half of the trip is the error. It
 * is tied to the monotonic clock, so that a step of our own wall clock shows at once.
 */
import type { Clock } from '../../contract/clock.ts';

const SAMPLES = 8;

export interface TimeEstimate {
  /** `platformWallMs` arrived now, in answer to what was sent at the instant `sentAt`. */
  sample(platformWallMs: number, sentAt: number): void;
  /** Platform wall time less ours, ms. */
  offsetMs(): number | undefined;
}

export function createTimeEstimate(clock: Clock): TimeEstimate {
  let samples: readonly { readonly tripMs: number; readonly wallAtInstantZero: number }[] = [];
  return {
    sample(platformWallMs, sentAt) {
      const now = clock.now();
      const tripMs = now - sentAt;
      const sample = { tripMs, wallAtInstantZero: platformWallMs + tripMs / 2 - now };
      samples = [...samples, sample].slice(-SAMPLES);
    },
    offsetMs() {
      const best = samples.toSorted((a, b) => a.tripMs - b.tripMs)[0];
      return best && Math.round(best.wallAtInstantZero + clock.now() - clock.wallMs());
    },
  };
}

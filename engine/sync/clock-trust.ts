/**
 * What time it is, how wrong that may be, and whether anybody has confirmed it (needs A09). Durations and deadlines never
 * ask here: they use the monotonic clock. What does: the time on slips, the day of tickets, hard expiry of documents, the
 * window of a signature.
 *
 * The platform's time is taken from the best of the last eight round trips: half of the trip is the error, and the error
 * grows with the age of the sample, as the crystal drifts. The estimate hangs on the monotonic clock, so that a step of
 * the wall clock changes nothing in it and shows at once.
 */
import type { Clock } from '../../contract/clock.ts';
import type { Stamp } from '../../contract/terminal-event.schema.ts';

const SAMPLES = 8;
/** A cheap crystal in a warm cabinet: 200 ppm, 52 s in 72 hours. */
const DRIFT = 200e-6;
/** A wall clock that moves so much against the monotonic one was set by somebody. */
const STEP_MS = 2_000;
/** Our clock and the platform's agree when they are no farther apart than this, beyond the error of the sample. */
const AGREE_MS = 5_000;

/** `signed`: proven by the platform's key. `told`: only said by whoever answered. */
export type TimeProof = 'signed' | 'told';

export interface TimeReading {
  /** Best known wall time, ms since 1970: the platform's once it was heard, ours before. */
  readonly wallMs: number;
  /** Half-width of what it may be; undefined while the platform was never heard. */
  readonly errorMs: number | undefined;
  /** Confirmed by a signed platform time, or by two sources that agree: our own clock and the platform. */
  readonly isTrusted: boolean;
}

export interface ClockTrust {
  /** `platformWallMs` arrived now, in answer to what was sent at the instant `sentAt`. */
  sample(platformWallMs: number, sentAt: number, proof?: TimeProof): void;
  read(): TimeReading;
  /** Best known wall time as an integer: for signatures, whose window must fit the platform whether trusted or not. */
  nowMs(): number;
  /** For the records written now: platform wall time less ours, and the error bound; empty until the platform was heard. */
  offset(): Pick<Stamp, 'offsetMs' | 'errorMs'>;
  /** Looks whether the wall clock was set since the last look; `onStep` hears by how much, ms. */
  watch(): void;
}

export interface ClockTrustOptions {
  readonly clock: Clock;
  readonly onStep?: (byMs: number) => void;
  /** Our wall clock is so far from the platform's, ms; once for each time it comes about. */
  readonly onDoubt?: (apartMs: number) => void;
}

interface Sample {
  readonly at: number;
  readonly tripMs: number;
  readonly wallAtInstantZero: number;
  readonly proof: TimeProof;
}

export function createClockTrust({ clock, onStep, onDoubt }: ClockTrustOptions): ClockTrust {
  let samples: readonly Sample[] = [];
  let isConfirmed = false;
  let isDoubted = false;
  let lastWallAtZero = clock.wallMs() - clock.now();

  const errorOf = (sample: Sample): number => sample.tripMs / 2 + DRIFT * (clock.now() - sample.at);

  function best(): Sample | undefined {
    return samples.toSorted((a, b) => errorOf(a) - errorOf(b))[0];
  }
  function watch(): void {
    const wallAtZero = clock.wallMs() - clock.now();
    const byMs = Math.round(wallAtZero - lastWallAtZero);
    // Also when it crept: slow slewing over days is no step.
    lastWallAtZero = wallAtZero;
    if (Math.abs(byMs) >= STEP_MS) onStep?.(byMs);
  }
  function read(): TimeReading {
    const sample = best();
    if (!sample) return { wallMs: Math.round(clock.wallMs()), errorMs: undefined, isTrusted: false };
    const wallMs = Math.round(sample.wallAtInstantZero + clock.now());
    return { wallMs, errorMs: Math.ceil(errorOf(sample)), isTrusted: isConfirmed };
  }

  return {
    sample(platformWallMs, sentAt, proof = 'told') {
      const at = clock.now();
      const tripMs = at - sentAt;
      const sample = { at, tripMs, wallAtInstantZero: platformWallMs + tripMs / 2 - at, proof };
      const known = best();
      const moved = known ? Math.abs(known.wallAtInstantZero - sample.wallAtInstantZero) : 0;
      if (known && moved > errorOf(known) + tripMs / 2 + AGREE_MS) {
        // What was proven is not given up for what is only said.
        if (proof === 'told' && samples.some((earlier) => earlier.proof === 'signed')) return;
        // A platform that was itself corrected: what it said before is no estimate of anything.
        samples = [];
        isConfirmed = false;
      }
      samples = [...samples, sample].slice(-SAMPLES);
      const apart = Math.abs(platformWallMs + tripMs / 2 - clock.wallMs());
      const agrees = apart <= AGREE_MS + tripMs / 2;
      if (proof === 'signed' || agrees) isConfirmed = true;
      if (!agrees && !isDoubted) onDoubt?.(Math.round(apart));
      isDoubted = !agrees;
    },
    read,
    nowMs: () => read().wallMs,
    offset() {
      const { wallMs, errorMs } = read();
      return errorMs === undefined ? {} : { offsetMs: Math.round(wallMs - clock.wallMs()), errorMs };
    },
    watch,
  };
}

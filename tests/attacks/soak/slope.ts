/** How memory moves: the slope of its floor, because what a collector has not yet taken back is no leak. */
import { median } from '../../../bench/stats.ts';

export interface Sample {
  /** Since the beginning, ms. */
  readonly atMs: number;
  readonly bytes: number;
}

const PIECES = 10;
const MEBIBYTE = 1024 * 1024;
const MS_A_MINUTE = 60_000;

/**
 * MB a minute over the second half: the median of the slopes between any two of its ten pieces, each of which stands for its lowest
 * sample (Theil and Sen). A table that doubles once is a step and no slope; what is lost with every visit is in all of them.
 */
export function slopeOfSecondHalf(samples: readonly Sample[]): number {
  const middle = (samples.at(-1)?.atMs ?? 0) / 2;
  const half = samples.filter(({ atMs }) => atMs >= middle);
  const lows = Array.from({ length: PIECES }, (_, piece) => {
    const from = middle + (middle * piece) / PIECES;
    return lowest(half.filter(({ atMs }) => atMs >= from && atMs < from + middle / PIECES));
  }).filter((low) => low !== undefined);
  const slopes = lows.flatMap((low, index) => lows.slice(index + 1).map((later) => slope(low, later)));
  return slopes.length === 0 ? 0 : median(slopes) * MS_A_MINUTE;
}

function lowest(samples: readonly Sample[]): Sample | undefined {
  return samples.toSorted((a, b) => a.bytes - b.bytes)[0];
}

/** MB a millisecond. */
function slope(from: Sample, to: Sample): number {
  return (to.bytes - from.bytes) / MEBIBYTE / (to.atMs - from.atMs);
}

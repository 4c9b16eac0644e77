/** How memory moves: the slope of its floor, because what a collector has not yet taken back is no leak. */

export interface Sample {
  /** Since the beginning, ms. */
  readonly atMs: number;
  readonly bytes: number;
}

const PIECES = 10;
const MEBIBYTE = 1024 * 1024;

/** MB a minute over the second half: least squares through the lowest sample of each of ten pieces. */
export function slopeOfSecondHalf(samples: readonly Sample[]): number {
  const middle = (samples.at(-1)?.atMs ?? 0) / 2;
  const half = samples.filter(({ atMs }) => atMs >= middle);
  const lows = Array.from({ length: PIECES }, (_, piece) => {
    const from = middle + (middle * piece) / PIECES;
    return lowest(half.filter(({ atMs }) => atMs >= from && atMs < from + middle / PIECES));
  });
  return slope(lows.filter((low) => low !== undefined)) * 60_000;
}

function lowest(samples: readonly Sample[]): Sample | undefined {
  return samples.toSorted((a, b) => a.bytes - b.bytes)[0];
}

/** MB a millisecond. */
function slope(samples: readonly Sample[]): number {
  const count = samples.length;
  if (count < 2) return 0;
  const meanAt = samples.reduce((sum, { atMs }) => sum + atMs, 0) / count;
  const mean = samples.reduce((sum, { bytes }) => sum + bytes, 0) / count;
  const over = samples.reduce((sum, { atMs, bytes }) => sum + (atMs - meanAt) * (bytes - mean), 0);
  const under = samples.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0);
  return under === 0 ? 0 : over / under / MEBIBYTE;
}

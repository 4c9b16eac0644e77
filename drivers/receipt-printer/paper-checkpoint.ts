/**
 * Did the paper move? A checkpoint keeps the remaining length before a print (whole centimetres, device-protocols 4.9) and
 * how much the slip takes; after a crash the two tell whether it came out.
 */
export interface PaperCheckpoint {
  readonly remainingCm: number;
  readonly slipMm: number | undefined;
}

/** What a printer without a counter, or one that did not answer, leaves behind. */
export const NO_CHECKPOINT = 'none';
/** The slip's length is an estimate and the counter counts whole centimetres: this much of it counts as all of it. */
const MOST = 0.6;

export function writeCheckpoint(checkpoint: PaperCheckpoint): string {
  const slip = checkpoint.slipMm === undefined ? '' : `;slipMm=${Math.round(checkpoint.slipMm)}`;
  return `remainingCm=${checkpoint.remainingCm}${slip}`;
}

export function readCheckpoint(line: string): PaperCheckpoint | undefined {
  const match = /^remainingCm=(\d{1,5})(?:;slipMm=(\d{1,5}))?$/.exec(line);
  if (!match) return undefined;
  return { remainingCm: Number(match[1]), slipMm: match[2] === undefined ? undefined : Number(match[2]) };
}

/** A counter that grew (a new roll) or moved by less than the slip tells nothing. */
export function compareWithCheckpoint(before: PaperCheckpoint, remainingCm: number): 'yes' | 'no' | 'cannotTell' {
  const usedMm = (before.remainingCm - remainingCm) * 10;
  if (usedMm === 0) return 'no';
  if (usedMm < 0 || before.slipMm === undefined) return 'cannotTell';
  return usedMm >= before.slipMm * MOST ? 'yes' : 'cannotTell';
}

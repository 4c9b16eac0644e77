/** Which terminals get a release when: the named few, then one in twenty, then all. Pure. */
import { createHash } from 'node:crypto';

export const LAST_RING = 3;
const ONE_IN = 20;

/** The same twentieth every time, in no order that has to do with place or age. */
export function isInRing(terminal: string, ring: number, isFirst: boolean): boolean {
  if (isFirst || ring >= LAST_RING) return true;
  return ring === 2 && createHash('sha256').update(terminal).digest().readUInt32BE() % ONE_IN === 0;
}

/** About how many terminals a release has been offered to. */
export function ringSize(ring: number, first: number, all: number): number {
  if (ring >= LAST_RING) return all;
  return ring === 2 ? Math.max(first, Math.ceil(all / ONE_IN)) : first;
}

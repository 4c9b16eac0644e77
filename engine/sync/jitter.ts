/** Spreading in time, so that a hundred thousand terminals do not come back in the same second. */
import type { Chance } from '../../contract/clock.ts';

/** A number in [0, 1). */
export function uniform(chance: Chance): number {
  const bytes = chance.bytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
}

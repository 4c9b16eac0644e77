/** Chance that repeats: every byte is `byte`, so `uniform` is about `byte / 256`. */
import type { Chance } from '../../../contract/clock.ts';

export function steadyChance(byte: number): Chance {
  return { bytes: (length) => new Uint8Array(length).fill(byte) };
}

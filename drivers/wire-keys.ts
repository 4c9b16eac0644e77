/** Every protocol of every class by its key: what `npm run device -- decode` looks things up in. */
import type { WireKey } from './wire-key.ts';

export const WIRE_KEYS: readonly WireKey[] = [];

export function wireKey(key: string): WireKey | undefined {
  return WIRE_KEYS.find((candidate) => candidate.key === key);
}

/** Codes people read aloud: Crockford's base 32, without I, L, O and U. */
import type { Chance } from '../../contract/clock.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `XXXX-XXXX`, 40 unpredictable bits. */
export function drawCaseCode(chance: Chance): string {
  let letters = '';
  for (const byte of chance.bytes(8)) letters += ALPHABET[byte & 31];
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

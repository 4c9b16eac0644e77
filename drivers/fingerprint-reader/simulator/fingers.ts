/**
 * The people of the simulated station and their fingers. Synthetic: a print is a run of numbers made from the name. Quality
 * is 0 to 100 as in needs A03; the module itself speaks no such number, only confirmation codes.
 */
export const PEOPLE = ['resident', 'neighbour', 'stranger'] as const;
export type Person = (typeof PEOPLE)[number];
export const FINGER_NAMES = [
  'rightThumb',
  'leftThumb',
  'rightIndex',
  'leftIndex',
  'rightMiddle',
  'leftMiddle',
  'rightRing',
  'leftRing',
  'rightLittle',
  'leftLittle',
] as const;
export type FingerName = (typeof FINGER_NAMES)[number];
export const SKINS = ['normal', 'dry', 'wet'] as const;
export type Skin = (typeof SKINS)[number];

export interface SimulatedFinger {
  readonly person: Person;
  readonly finger: FingerName;
  readonly quality: number;
  readonly skin: Skin;
}

/** Needs A03: worn thumbs, an index finger that will do. */
const RESIDENT_QUALITY: Readonly<Partial<Record<FingerName, number>>> = {
  rightThumb: 22,
  leftThumb: 18,
  rightIndex: 61,
  leftIndex: 58,
  rightMiddle: 55,
  leftMiddle: 52,
  rightLittle: 33,
  leftLittle: 31,
};
const GOOD_QUALITY = 85;
/** Below it a feature file cannot be made. */
export const USABLE_QUALITY = 40;
/** Bytes that tell one finger from another; what the module compares. */
export const PRINT_BYTES = 32;
/** Stands before each print in a feature file or template. */
const HEAD = [0x03, 0x03];

export function fingerOf(person: Person, finger: FingerName): SimulatedFinger {
  const quality = person === 'resident' ? (RESIDENT_QUALITY[finger] ?? GOOD_QUALITY) : GOOD_QUALITY;
  return { person, finger, quality, skin: quality < USABLE_QUALITY ? 'dry' : 'normal' };
}

/** The ridges of a finger, the same in each capture. Never a zero, so that a blank cannot be taken for a print. */
export function printOf({ person, finger }: Pick<SimulatedFinger, 'person' | 'finger'>): Uint8Array {
  let state = [...`${person}/${finger}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return Uint8Array.from({ length: PRINT_BYTES }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state >>> 16) % 255) + 1;
  });
}

/** A feature file or template of `size` bytes: the print, then filler that differs from capture to capture. */
export function templateOf(finger: SimulatedFinger, size: number, capture: number): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set(HEAD);
  bytes.set(printOf(finger), HEAD.length);
  for (let at = HEAD.length + PRINT_BYTES; at < size; at += 1) bytes[at] = ((at * 7 + capture * 13) % 255) + 1;
  return bytes;
}

export function printIn(template: Uint8Array): string {
  return Buffer.from(template.subarray(HEAD.length, HEAD.length + PRINT_BYTES)).toString('hex');
}

/** Whose print lies in these bytes, as `resident rightThumb`; undefined when nobody's. */
export function ownerOf(bytes: Uint8Array): string | undefined {
  const all = Buffer.from(bytes);
  for (const person of PEOPLE) {
    for (const finger of FINGER_NAMES) {
      // half a print still belongs to somebody
      const print = printOf({ person, finger });
      const halves = [print.subarray(0, PRINT_BYTES / 2), print.subarray(PRINT_BYTES / 2)];
      if (halves.some((half) => all.includes(Buffer.from(half)))) return `${person} ${finger}`;
    }
  }
  return undefined;
}

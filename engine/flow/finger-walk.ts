/**
 * Which finger is asked for next, and when to stop (needs A03, M21, F08). Worn thumbs are nobody's fault: two tries a finger,
 * six in all, right hand before left, then another way. Plain data; no score is kept, and nothing says which try was close.
 */
import type { FingerAdvice } from '../../contract/devices/fingerprint-reader.schema.ts';

export type Hand = 'right' | 'left';
export type FingerName = 'thumb' | 'index' | 'middle' | 'ring' | 'little';

export interface Finger {
  readonly hand: Hand;
  readonly name: FingerName;
}

export type TryResult =
  | { readonly kind: 'match' }
  | { readonly kind: 'mismatch' }
  /** No comparison was possible; `advice` is what the sensor could tell. */
  | { readonly kind: 'poor'; readonly advice?: FingerAdvice | undefined }
  /** The person has not got this finger, or cannot use it. Costs no try. */
  | { readonly kind: 'skipped' };

/**
 * `exhausted`: no print could be compared. `mismatched`: at least one was compared, and none was the right one. Both look the
 * same to whoever stands there; only the count of such sessions (A03) needs the difference.
 */
export type WalkEnd = 'matched' | 'exhausted' | 'mismatched';

export interface FingerWalk {
  /** Still to be asked for; the first one is next. */
  readonly fingers: readonly Finger[];
  /** Tries of the first of `fingers`. */
  readonly triesOfFinger: number;
  readonly tries: number;
  readonly mismatches: number;
  /** What to do better, for the next try of the same finger. */
  readonly advice?: FingerAdvice;
  readonly end?: WalkEnd;
}

export const TRIES_A_FINGER = 2;
export const TRIES_IN_ALL = 6;

const NAMES: readonly FingerName[] = ['thumb', 'index', 'middle', 'ring', 'little'];
const HANDS: readonly Hand[] = ['right', 'left'];

/** Right thumb, left thumb, right index, and so on. */
export const WALK_ORDER: readonly Finger[] = NAMES.flatMap((name) => HANDS.map((hand) => ({ hand, name })));

/** `available`: the fingers there is a template of; all ten when it is not said. */
export function startWalk(available: readonly Finger[] = WALK_ORDER): FingerWalk {
  const fingers = WALK_ORDER.filter((finger) => available.some((candidate) => isSameFinger(candidate, finger)));
  return settled({ fingers, triesOfFinger: 0, tries: 0, mismatches: 0 });
}

/** Undefined when the walk has ended. */
export function nextFinger(walk: FingerWalk): Finger | undefined {
  return walk.end === undefined ? walk.fingers[0] : undefined;
}

/** The walk after a try of the finger that was next. A walk that has ended stays as it is. */
export function afterTry(walk: FingerWalk, result: TryResult): FingerWalk {
  if (walk.end !== undefined) return walk;
  const { fingers, tries, mismatches } = walk;
  switch (result.kind) {
    case 'match':
      return { fingers: [], triesOfFinger: 0, tries: tries + 1, mismatches, end: 'matched' };
    case 'skipped':
      return settled({ fingers: fingers.slice(1), triesOfFinger: 0, tries, mismatches });
    case 'mismatch':
      return moved(walk, mismatches + 1, undefined);
    case 'poor':
      return moved(walk, mismatches, result.advice);
  }
}

function moved(walk: FingerWalk, mismatches: number, advice: FingerAdvice | undefined): FingerWalk {
  const tries = walk.tries + 1;
  const isFingerDone = walk.triesOfFinger + 1 >= TRIES_A_FINGER;
  if (isFingerDone) return settled({ fingers: walk.fingers.slice(1), triesOfFinger: 0, tries, mismatches });
  const next = { fingers: walk.fingers, triesOfFinger: walk.triesOfFinger + 1, tries, mismatches };
  return settled(advice === undefined ? next : { ...next, advice });
}

function settled(walk: FingerWalk): FingerWalk {
  if (walk.fingers.length > 0 && walk.tries < TRIES_IN_ALL) return walk;
  const { tries, mismatches } = walk;
  return { fingers: [], triesOfFinger: 0, tries, mismatches, end: mismatches > 0 ? 'mismatched' : 'exhausted' };
}

function isSameFinger(a: Finger, b: Finger): boolean {
  return a.hand === b.hand && a.name === b.name;
}

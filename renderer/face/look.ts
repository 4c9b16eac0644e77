/**
 * One look into the camera, frame by frame: is the picture good, did the person do what was asked, in the order asked, and is
 * there a good still picture at the end. Pure: frames and times in, a hint or an end out. No frame is kept beyond the next.
 */
import type { FaceChallenge, FaceHint } from '../../contract/check.schema.ts';
import { gridShareOf, lightOf, motionBetween, sharpnessOf, type GreyFrame, type Motion } from './gates.ts';

/** Measured on the fake camera's files and a desk lamp, not on people: see README. */
const LIMITS = {
  darkMean: 52,
  blackShare: 0.45,
  brightMean: 212,
  whiteShare: 0.3,
  emptySpread: 11,
  sharpness: 10,
  gridShare: 0.22,
  /** Turning: the whole moves, and its middle otherwise than its edge. */
  turnWay: 1,
  turnBend: 0.7,
  turnFrames: 4,
  /** Coming closer: growth in all, from frame to frame at most this much. */
  closerScale: 1.1,
  stepScale: 1.12,
  holdFrames: 3,
  holdWay: 0.35,
  screenFrames: 6,
} as const;

export type LookStep =
  | { readonly kind: 'hint'; readonly hint: FaceHint }
  /** This frame is the one to keep. */
  | { readonly kind: 'seen' }
  /** A grid of pixels instead of skin, again and again. */
  | { readonly kind: 'notLive' };

export class Look {
  readonly #challenges: readonly FaceChallenge[];
  #done = 0;
  #before: GreyFrame | undefined;
  #turned = 0;
  #scale = 1;
  #held = 0;
  #screens = 0;

  constructor(challenges: readonly FaceChallenge[]) {
    this.#challenges = challenges;
  }

  /** Takes the next frame, about seven a second. */
  take(frame: GreyFrame): LookStep {
    const before = this.#before;
    this.#before = frame;
    const fault = qualityFault(frame);
    if (fault) {
      this.#held = 0;
      return hint(fault);
    }
    if (gridShareOf(frame) > LIMITS.gridShare) this.#screens += 1;
    if (this.#screens >= LIMITS.screenFrames) return { kind: 'notLive' };
    if (!before) return hint('centre');
    const motion = motionBetween(before, frame);
    const challenge = this.#challenges[this.#done];
    return challenge === undefined ? this.#hold(frame, motion) : this.#challenge(challenge, motion);
  }

  /** Zeroes the one frame that is remembered. */
  forget(): void {
    this.#before?.grey.fill(0);
    this.#before = undefined;
  }

  #challenge(challenge: FaceChallenge, motion: Motion): LookStep {
    const isMet = challenge === 'turn-head' ? this.#turn(motion) : this.#comeCloser(motion);
    if (!isMet) return hint(challenge);
    this.#done += 1;
    this.#turned = 0;
    this.#scale = 1;
    return hint(this.#challenges[this.#done] ?? 'hold');
  }

  #turn({ way, bend }: Motion): boolean {
    if (way >= LIMITS.turnWay && bend >= LIMITS.turnBend) this.#turned += 1;
    return this.#turned >= LIMITS.turnFrames;
  }

  /** A jump is a cut from one picture to the next, not a step. */
  #comeCloser({ scale }: Motion): boolean {
    this.#scale = scale > LIMITS.stepScale ? 1 : Math.max(1, this.#scale * scale);
    return this.#scale >= LIMITS.closerScale;
  }

  #hold(frame: GreyFrame, { way, blocks }: Motion): LookStep {
    const isSharp = sharpnessOf(frame) >= LIMITS.sharpness;
    this.#held = isSharp && blocks > 0 && way <= LIMITS.holdWay ? this.#held + 1 : 0;
    if (this.#held >= LIMITS.holdFrames) return { kind: 'seen' };
    return hint(isSharp ? 'hold' : 'blurred');
  }
}

function qualityFault(frame: GreyFrame): FaceHint | undefined {
  const { mean, spread, blackShare, whiteShare } = lightOf(frame);
  if (mean < LIMITS.darkMean || blackShare > LIMITS.blackShare) return 'dark';
  if (mean > LIMITS.brightMean || whiteShare > LIMITS.whiteShare) return 'bright';
  return spread < LIMITS.emptySpread ? 'centre' : undefined;
}

function hint(words: FaceHint): LookStep {
  return { kind: 'hint', hint: words };
}

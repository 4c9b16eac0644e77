/**
 * Confirmation codes of a capture as advice (device-protocols 3.4; needs A03, M21). The module tells no quality, only why it
 * could not make features:
 *
 * | code | meaning          | first time | again | then in turn |
 * | ---- | ---------------- | ---------- | ----- | ------------ |
 * | 06   | image too messy  | wet        | press | wet, press   |
 * | 07   | too few features | dry        | press | dry, press   |
 * | 03   | capture failed   | hold       | hold  | hold         |
 */
import type { FingerAdvice } from '../../contract/devices/fingerprint-reader.schema.ts';

export const POOR_CODES = { captureFailed: 0x03, tooMessy: 0x06, tooFewFeatures: 0x07 } as const;
export type PoorCode = (typeof POOR_CODES)[keyof typeof POOR_CODES];

const ADVICE: Readonly<Record<PoorCode, readonly [FingerAdvice, FingerAdvice]>> = {
  0x03: ['hold', 'hold'],
  0x06: ['wet', 'press'],
  0x07: ['dry', 'press'],
};

/** Says the other thing when the first did not help. */
export class PrintAdvice {
  #code: PoorCode | undefined;
  #times = 0;

  next(code: PoorCode): FingerAdvice {
    this.#times = code === this.#code ? this.#times + 1 : 0;
    this.#code = code;
    return ADVICE[code][this.#times % 2 === 0 ? 0 : 1];
  }

  /** A good print, or another person. */
  reset(): void {
    this.#code = undefined;
  }
}

export function isPoor(code: number): code is PoorCode {
  return code in ADVICE;
}

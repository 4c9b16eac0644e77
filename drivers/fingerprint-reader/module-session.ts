/** What each step of a command works with. */
import type { MediaState } from '../../contract/driver.ts';
import type { FingerprintModel } from './fingerprint-models.ts';
import type { HeldPrints } from './held-prints.ts';
import type { PrintAdvice } from './print-advice.ts';
import type { ZfmTalk } from './zfm-talk.ts';

export interface ModuleSession {
  readonly talk: ZfmTalk;
  readonly model: FingerprintModel;
  readonly advice: PrintAdvice;
  readonly held: HeldPrints;
  /** Whether a finger lies on the sensor, each time that is learned. */
  readonly onMedia: (media: MediaState) => void;
}

/** How often a run of questions is begun anew when its answers contradicted each other. */
export const ROUNDS = 3;

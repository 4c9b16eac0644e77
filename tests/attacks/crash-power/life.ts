/** One recorded run of the ledger, as it is handed to its own process. */
import type { Recorded } from './record-process.ts';

export interface LifePaths {
  /** Everything below it is recorded. */
  readonly directory: string;
  readonly path: string;
  readonly blackBoxPath: string;
}

export interface Life extends LifePaths, Recorded {
  readonly seed: number;
  readonly residents: number;
  readonly wallStartMs: number;
  readonly ending: 'kill' | 'close';
}

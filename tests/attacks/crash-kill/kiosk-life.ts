/** What a kiosk process is told when it is born, and what it says on its standard output. */
import type { HeadFact } from '../../../contract/invariants/facts.types.ts';
import type { KillPoint } from '../../../engine/ledger/kill-points.ts';
import type { Wish } from '../support/residents.ts';
import type { Plant } from './plants.ts';

export interface KioskLife {
  readonly path: string;
  readonly blackBoxPath: string;
  readonly seed: number;
  readonly wallStartMs: number;
  /** What the residents come for. */
  readonly wish?: Wish;
  /** Absent when it is killed from outside. */
  readonly die?: { readonly phase: 'start' | 'service'; readonly point: KillPoint; readonly nth: number };
  /** Settles everything, tells the platform, and ends in order. */
  readonly isLast: boolean;
  readonly plant?: Plant;
}

export type Said =
  /** A commit was reported as done: the ledger's head, and whose step it was. */
  | { readonly done: HeadFact; readonly txn?: string }
  | { readonly died: KillPoint | 'the end'; readonly phase: 'start' | 'service' };

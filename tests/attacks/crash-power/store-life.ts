/** One recorded run of the platform's store, as it is handed to its own process, and what it says in the log. */
import type { Head } from '../../../contract/platform-api.schema.ts';
import type { WriteBackLimits } from '../../../platform/database/write-back.system.ts';
import type { Recorded } from './record-process.ts';

export interface StoreLife extends Recorded {
  readonly path: string;
  /** Of what the terminals write: the same in all runs on one disk. */
  readonly chains: number;
  /** Of what is done with it in this run. */
  readonly seed: number;
  readonly groups: number;
  /** When SQLite's log is written back, and when it begins anew. */
  readonly writeBack: WriteBackLimits;
  readonly ending: 'kill' | 'close';
}

/** `given`: on its way from now on. `stored`: acknowledged. By terminal: how far it is then. */
export type StoreMark =
  | { readonly call: 'given'; readonly upTo: Readonly<Record<string, number>> }
  | { readonly call: 'stored'; readonly heads: Readonly<Record<string, Head>> };

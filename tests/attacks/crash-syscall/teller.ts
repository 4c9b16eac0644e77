/** What the process under attack is told, and what it says on its standard output. */
import type { HeadFact } from '../../../contract/invariants/facts.types.ts';
import type { Txn } from '../../../engine/ledger/journal.schema.ts';

export interface Teller {
  readonly path: string;
  readonly blackBoxPath: string;
  readonly seed: number;
  readonly wallStartMs: number;
  readonly residents: number;
  /** Whether it closes the ledger at the end, which moves the write-ahead log into the database. */
  readonly closes: boolean;
}

export type Heard =
  | { readonly is: 'open' }
  | { readonly is: 'done'; readonly call: string; readonly head: HeadFact; readonly txn?: Txn }
  | { readonly is: 'refused'; readonly call: string; readonly code: string }
  | { readonly is: 'through' }
  /** Said of it: it ended by an exception. */
  | { readonly is: 'broken'; readonly why: string };

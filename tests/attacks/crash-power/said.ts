/** What the ledger had said by each point of the log: the marks, read once. */
import type { Txn } from '../../../engine/ledger/journal.schema.ts';
import type { LogRecord } from './recording-log.ts';

/** What was said of one transaction, one after the other: the log's index and the transaction. */
export type Versions = readonly { readonly index: number; readonly txn: Txn }[];

export interface SaidSoFar {
  /** Index in the log: what was said before it was done. */
  readonly index: number;
  readonly versions: ReadonlyMap<string, Versions>;
  /** Old transactions may be gone by order. */
  readonly mayBePruned: boolean;
}

export interface Said {
  at(index: number): SaidSoFar;
}

interface Mark {
  readonly call: string;
  readonly txn?: Txn;
  readonly value?: unknown;
}

export function saidBefore(log: readonly LogRecord[]): Said {
  const versions = new Map<string, { index: number; txn: Txn }[]>();
  let prunedAt = Number.POSITIVE_INFINITY;
  for (const [index, { kind, data }] of log.entries()) {
    if (kind !== 'mark') continue;
    const { call, txn, value } = JSON.parse(data.toString()) as Mark;
    if (call === 'prune' && typeof value === 'number' && value > 0) prunedAt = Math.min(prunedAt, index);
    if (txn) versions.set(txn.id, [...(versions.get(txn.id) ?? []), { index, txn }]);
  }
  // a commit that is on its way may be in the image: pruning counts from the act before its mark
  return { at: (index) => ({ index, versions, mayBePruned: index + KNOWN_AHEAD >= prunedAt }) };
}

/** Records of the log between the first write of a commit and its mark; more than any commit has. */
const KNOWN_AHEAD = 200;

/**
 * The hash chain of a terminal's ledger: SHA-256 over UTF-8 of the previous record's hash followed by the event as JSON
 * with keys in sorted order and no spaces.
 */
import { createHash } from 'node:crypto';
import type { BatchRequest } from '../../contract/platform-api.schema.ts';

export const FIRST_PREVIOUS_HASH = '0'.repeat(64);

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

export function chainHash(previousHash: string, event: unknown): string {
  return createHash('sha256')
    .update(previousHash + canonicalJson(event), 'utf8')
    .digest('hex');
}

/** Nothing when the batch is whole in itself, else what is wrong with it. Says nothing about what came before it. */
export function findChainFault(batch: BatchRequest): string | undefined {
  let previousHash = batch.prevHash;
  let previousSeq: number | undefined;
  for (const record of batch.records) {
    if (previousSeq !== undefined && record.seq !== previousSeq + 1) return `seq ${record.seq} follows ${previousSeq}`;
    if (record.hash !== chainHash(previousHash, record.event))
      return `hash of seq ${record.seq} is not that of its event`;
    previousHash = record.hash;
    previousSeq = record.seq;
  }
  return undefined;
}

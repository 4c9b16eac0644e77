/**
 * The hash chain of a terminal's ledger: SHA-256 over UTF-8 of the previous record's hash followed by the event as JSON
 * with keys in sorted order and no spaces.
 */
import { hash } from 'node:crypto';
import type { BatchRequest } from '../../contract/platform-api.schema.ts';

export const FIRST_PREVIOUS_HASH = '0'.repeat(64);

/** Key orders already worked out, by the keys as they came: events are of a few shapes, and sorting is most of the cost. */
const orders = new Map<string, readonly string[]>();
const KEPT_ORDERS = 1_000;

/** Of what came out of JSON and was checked: no `undefined`, no function, no key that is a number. */
export function canonicalJson(value: unknown): string {
  // terminals send what they hashed, so that it is in order already
  return JSON.stringify(isInOrder(value) ? value : sorted(value));
}

function isInOrder(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  let before = '';
  for (const key in value) {
    if (key < before) return false;
    before = key;
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof member === 'object' && !isInOrder(member)) return false;
  }
  return true;
}

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(sorted);
  const object = value as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  for (const key of orderOf(Object.keys(object))) result[key] = sorted(object[key]);
  return result;
}

function orderOf(keys: readonly string[]): readonly string[] {
  const shape = keys.join('\n');
  const known = orders.get(shape);
  if (known) return known;
  const order = keys.toSorted();
  if (orders.size >= KEPT_ORDERS) orders.clear();
  orders.set(shape, order);
  return order;
}

export function chainHash(previousHash: string, eventText: string): string {
  return hash('sha256', previousHash + eventText, 'hex');
}

export type CheckedChain =
  | {
      readonly ok: true;
      /** The bytes that were hashed, one for each record. */
      readonly texts: readonly string[];
    }
  | { readonly ok: false; readonly detail: string };

/** Whether the batch is whole in itself. Says nothing about what came before it. */
export function checkChain(batch: BatchRequest): CheckedChain {
  const texts: string[] = [];
  let previousHash = batch.prevHash;
  let previousSeq: number | undefined;
  for (const { seq, event, hash: told } of batch.records) {
    if (previousSeq !== undefined && seq !== previousSeq + 1)
      return { ok: false, detail: `seq ${seq} follows ${previousSeq}` };
    const text = canonicalJson(event);
    if (told !== chainHash(previousHash, text))
      return { ok: false, detail: `hash of seq ${seq} is not that of its event` };
    texts.push(text);
    previousHash = told;
    previousSeq = seq;
  }
  return { ok: true, texts };
}

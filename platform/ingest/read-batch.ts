/** From the bytes of a body to a batch that is whole in itself, or why it is none. Nothing else is looked at. */
import type { BatchRequest } from '../../contract/platform-api.schema.ts';
import { checkChain } from './chain.ts';
import { checkBatch } from './check-batch.ts';
import type { Arrival, BadBatch, SentBatch } from './ingest.types.ts';

export type ReadBatch =
  { readonly ok: true; readonly arrival: Arrival } | { readonly ok: false; readonly bad: BadBatch };

export function readBatch({ terminal, stream, body, receivedMs }: SentBatch): ReadBatch {
  const content = parseJson(body);
  if (content === undefined) return bad('unreadable', 'The body is not JSON.');
  const checked = checkBatch(content);
  if (!checked.ok) return bad('notInContract', checked.detail);
  const { batch } = checked;
  const fault = findUnstorable(batch);
  if (fault !== undefined) return bad('broken', fault);
  const chain = checkChain(batch);
  if (!chain.ok) return bad('broken', chain.detail);
  return { ok: true, arrival: { terminal, stream, batch, texts: chain.texts, receivedMs } };
}

function bad(kind: BadBatch['kind'], detail: string): ReadBatch {
  return { ok: false, bad: { kind, detail } };
}

/** Undefined is what JSON cannot say. The keys that JavaScript would read as something else are in no schema. */
function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Names of databases are keys of tables: they hold no character that a text column cannot give back as it was. */
function findUnstorable({ incarnation, predecessor }: BatchRequest): string | undefined {
  const isBad = [incarnation, predecessor?.incarnation ?? ''].some(
    (name) => name.includes('\u0000') || !name.isWellFormed(),
  );
  return isBad ? 'the incarnation holds a character that cannot be stored' : undefined;
}

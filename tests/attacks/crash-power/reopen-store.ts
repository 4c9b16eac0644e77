/** An image in the hands of the platform itself, which must go on storing where it stands. */
import { cpSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openDatabase } from '../../../platform/database/open-database.ts';
import { createGroupStore } from '../../../platform/ingest/group-store.ts';
import type { GroupStore, SentBatch } from '../../../platform/ingest/ingest.types.ts';
import type { Wrong } from '../support/try-out.ts';
import { readImage } from './read-state.ts';
import { NOTHING_STORED, readStoredChains, wrongsOf, type Promised } from './stored-chains.ts';

/** Each terminal sends everything behind what was acknowledged, as it does when no answer came. */
export async function reopenStore(directory: string, file: string, promised: readonly Promised[]): Promise<Wrong[]> {
  const copy = `${directory}-reopened`;
  cpSync(directory, copy, { recursive: true });
  try {
    const path = join(copy, basename(file));
    const database = await openDatabase({ sqlitePath: path });
    const wrong = await sendAll(createGroupStore(database), promised);
    await database.destroy();
    if (wrong) return [wrong];
    const found = readImage(path, NOTHING_STORED, readStoredChains);
    if (typeof found === 'string') return [{ kind: 'unsound', detail: `opened again, it is ${found}` }];
    const all = promised.map((one) => ({ ...one, acknowledged: one.given }));
    return wrongsOf(found, all).map(({ detail }) => ({ kind: 'unsound', detail: `gone on with: ${detail}` }));
  } finally {
    rmSync(copy, { recursive: true });
  }
}

async function sendAll(store: GroupStore, promised: readonly Promised[]): Promise<Wrong | undefined> {
  const unanswered = promised.filter(({ acknowledged, given }) => given > acknowledged);
  if (unanswered.length === 0) return undefined;
  const outcomes = await store.store(unanswered.map(batchOf));
  const refused = outcomes.find(({ kind }) => kind !== 'accepted');
  return refused && { kind: 'unsound', detail: `gone on with, it answers ${JSON.stringify(refused)}` };
}

function batchOf({ terminal, incarnation, records, acknowledged, given }: Promised): SentBatch {
  const batch = {
    incarnation,
    prevHash: records[acknowledged - 1]?.hash ?? '0'.repeat(64),
    records: records.slice(acknowledged, given),
  };
  return { terminal, stream: 'ledger', body: Buffer.from(JSON.stringify(batch)), receivedMs: Date.UTC(2026, 1, 1) };
}

/** Writes what a draft has changed, one set a table. */
import { putRows } from '../database/row-sets.ts';
import type { Commit, Tables } from '../database/tables.ts';
import type { Draft, DraftTable } from './draft.ts';
import * as ingest from './ingest-tables.ts';

export async function writeDraft(commit: Commit, draft: Draft): Promise<void> {
  await putRows(commit, ingest.RECORD_BATCHES, draft.batches);
  await putRows(commit, ingest.RECORD_REMARKS, draft.remarks);
  await putRows(commit, ingest.SEALED_PARTS, draft.sealed);
  await putChanged(commit, draft.payments);
  await putChanged(commit, draft.graces);
  await putChanged(commit, draft.tickets);
  await putChanged(commit, draft.prints);
  await putChanged(commit, draft.acts);
  await putChanged(commit, draft.forms);
  await putChanged(commit, draft.cases);
  await putRows(commit, ingest.RATINGS, draft.ratings);
  await putRows(commit, ingest.AUDIT, draft.audit);
  await putChanged(commit, draft.metrics);
  await putChanged(commit, draft.quarantine);
  await putChanged(commit, draft.incarnations);
  await putChanged(commit, draft.heads);
}

function putChanged<Name extends keyof Tables>(commit: Commit, table: DraftTable<Name>): Promise<void> {
  return putRows(commit, table.table, table.changed());
}

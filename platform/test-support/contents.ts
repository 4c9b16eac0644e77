/** Everything that stands in the tables a batch can change, in an order of its own, so that two databases can be compared. */
import type { Selectable } from 'kysely';
import { canonicalJson } from '../ingest/chain.ts';
import type { PlatformDatabase, Tables } from '../database/tables.ts';
import { takeApart } from '../ingest/stored-records.ts';

const NAMES = [
  ...(['record_batches', 'record_remarks', 'heads', 'incarnations', 'sealed_parts', 'quarantine'] as const),
  ...(['payments', 'tickets', 'prints', 'acts', 'forms', 'cases', 'ratings', 'audit', 'metrics', 'graces'] as const),
] as const;

export type Contents = {
  readonly [Name in Exclude<(typeof NAMES)[number], 'record_batches'>]: readonly Selectable<Tables[Name]>[];
} & {
  /** However they came together. */
  readonly records: readonly { readonly terminal_id: string; readonly seq: number; readonly hash: string }[];
};

export async function contentsOf(database: PlatformDatabase): Promise<Contents> {
  const tables: Record<string, unknown> = {};
  for (const name of NAMES) {
    const rows = await database.selectFrom(name).selectAll().execute();
    tables[name] = rows.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  }
  const { record_batches, ...others } = tables as { record_batches: readonly Selectable<Tables['record_batches']>[] };
  const records = record_batches
    .flatMap((row) =>
      takeApart(row).map(({ receivedMs, ...record }) => {
        const { terminal_id, incarnation, stream } = row;
        return { terminal_id, incarnation, stream, ...record, received_ms: receivedMs };
      }),
    )
    .toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  return { ...others, records } as unknown as Contents;
}

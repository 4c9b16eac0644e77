/** Everything that stands in the tables a batch can change, in an order of its own, so that two databases can be compared. */
import type { Selectable } from 'kysely';
import { canonicalJson } from '../ingest/chain.ts';
import type { PlatformDatabase, Tables } from '../database/tables.ts';

const NAMES = [
  ...(['records', 'heads', 'incarnations', 'sealed_parts', 'quarantine'] as const),
  ...(['payments', 'tickets', 'prints', 'acts', 'forms', 'cases', 'ratings', 'audit', 'metrics', 'graces'] as const),
] as const;

export type Contents = { readonly [Name in (typeof NAMES)[number]]: readonly Selectable<Tables[Name]>[] };

export async function contentsOf(database: PlatformDatabase): Promise<Contents> {
  const tables: Record<string, unknown> = {};
  for (const name of NAMES) {
    const rows = await database.selectFrom(name).selectAll().execute();
    tables[name] = rows.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  }
  return tables as Contents;
}

/**
 * Counts, from inside SQLite, the rows that really changed: a row written with what it held already is a lock and no change,
 * and what was rolled back did not happen.
 */
import { sql } from 'kysely';
import type { PlatformDatabase } from '../../../platform/database/tables.ts';

/** By table, since the platform was opened. */
export type WrittenRows = ReadonlyMap<string, number>;

/** Held by whoever changes anything of a terminal; their number means nothing. */
const LOCKS = new Set(['turns']);

export async function watchWrites(database: PlatformDatabase): Promise<void> {
  await run(database, 'CREATE TEMP TABLE written (name TEXT PRIMARY KEY, rows INTEGER NOT NULL)');
  const tables = await sql<{ name: string }>`SELECT name FROM main.sqlite_master
    WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`.execute(database);
  for (const { name } of tables.rows) {
    if (LOCKS.has(name)) continue;
    const columns = await sql<{ name: string }>`SELECT name FROM pragma_table_info(${name})`.execute(database);
    const differs = columns.rows.map((column) => `OLD.${column.name} IS NOT NEW.${column.name}`).join(' OR ');
    const count = `BEGIN UPDATE written SET rows = rows + 1 WHERE name = '${name}'; END`;
    await run(database, `INSERT INTO temp.written VALUES ('${name}', 0)`);
    await run(database, `CREATE TEMP TRIGGER inserted_${name} AFTER INSERT ON main.${name} ${count}`);
    await run(database, `CREATE TEMP TRIGGER deleted_${name} AFTER DELETE ON main.${name} ${count}`);
    await run(database, `CREATE TEMP TRIGGER updated_${name} AFTER UPDATE ON main.${name} WHEN ${differs} ${count}`);
  }
}

export async function readWritten(database: PlatformDatabase): Promise<WrittenRows> {
  const { rows } = await sql<{
    name: string;
    rows: number;
  }>`SELECT name, rows FROM temp.written WHERE rows > 0`.execute(database);
  return new Map(rows.map((row) => [row.name, row.rows]));
}

async function run(database: PlatformDatabase, statement: string): Promise<void> {
  await sql.raw(statement).execute(database);
}

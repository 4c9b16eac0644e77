/** The PostgreSQL server: a pool of connections, of which any number of nodes may hold one. */
import { Kysely, PostgresDialect } from 'kysely';
import { Pool, types, type PoolClient } from 'pg';
import { outstanding, readMigrations } from './migrations.ts';
import type { PlatformDatabase, Tables } from './tables.ts';

/** Small: a node waits for the disk, not for connections, and the server has many nodes. */
const CONNECTIONS = 8;
const CONNECT_TIMEOUT_MS = 5_000;
/** A commit that waits longer than this for a lock or a standby is answered 503; the terminal sends again. */
const STATEMENT_TIMEOUT_MS = 15_000;
/** Any number, the same for all nodes: only one brings the tables up to date. */
const MIGRATION_LOCK = 7_204_518;

const INT8 = 20;
const NUMERIC = 1700;

/** Rejects when the server is not there, runs with commits that are not synced, or was used by a newer release. */
export async function openPostgres(url: string): Promise<PlatformDatabase> {
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // counts, sums, instants in ms: all below 2^53
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown =>
        oid === INT8 || oid === NUMERIC ? Number : types.getTypeParser(oid, format),
    },
  });
  // Without a listener, a server that dies takes the process with it: on an idle connection, and on one in use.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    const client = await pool.connect();
    try {
      await requireDurable(client);
      await migrate(client);
    } finally {
      client.release();
    }
  } catch (error) {
    await pool.end();
    throw error;
  }
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

async function requireDurable(client: PoolClient): Promise<void> {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const { rows } = await client.query<Record<string, string>>(`SHOW ${setting}`);
    const value = rows[0]?.[setting];
    if (value === 'off') throw new Error(`database is not durable: ${setting} is off`);
  }
}

/** Several nodes may start at the same time: one migrates, the others wait for it. */
async function migrate(client: PoolClient): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)');
    const { rows } = await client.query<{ version: number }>('SELECT version FROM schema_version');
    for (const { number, script } of outstanding(readMigrations('postgres'), rows[0]?.version ?? 0)) {
      await client.query(script);
      await client.query('DELETE FROM schema_version');
      await client.query('INSERT INTO schema_version (version) VALUES ($1)', [number]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

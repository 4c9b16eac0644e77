/** Platforms of a test file on a real PostgreSQL server of its own. */
import { afterAll } from 'vitest';
import { startPostgresServer } from '../../tests/support/postgres-server.ts';
import { openDatabase } from '../database/open-database.ts';
import { keepPlatformsIn } from './running-platform.ts';

/** From now on. The tables are made once; each platform gets a copy. */
export async function keepPlatformsOnPostgres(): Promise<void> {
  const server = await startPostgresServer({ inMemory: true, settings: ['autovacuum=off'] });
  afterAll(() => server.close());
  const template = await server.newDatabase();
  await (await openDatabase({ postgresUrl: template })).destroy();
  keepPlatformsIn(() => server.newDatabase(template));
}

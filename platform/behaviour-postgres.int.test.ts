/** Everything the platform promises is promised on PostgreSQL, too: the same tests, on a real server. */
import { afterAll } from 'vitest';
import { startPostgresServer } from '../tests/support/postgres-server.ts';
import { openDatabase } from './database/open-database.ts';
import { describeBehaviour } from './test-support/behaviour-suites.ts';
import { keepPlatformsIn } from './test-support/running-platform.ts';

const server = await startPostgresServer({ inMemory: true, settings: ['autovacuum=off'] });
afterAll(() => server.close());
// the tables are made once; each platform gets a copy
const template = await server.newDatabase();
await (await openDatabase({ postgresUrl: template })).destroy();
keepPlatformsIn(() => server.newDatabase(template));
describeBehaviour('on PostgreSQL');

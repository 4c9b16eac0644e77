/** Everything the platform promises is promised on PostgreSQL, too: the same tests, on a real server. */
import { afterAll, describe } from 'vitest';
import { startPostgresServer } from '../tests/support/postgres-server.ts';
import { openDatabase } from './database/open-database.ts';
import { keepPlatformsIn } from './test-support/running-platform.ts';

const server = await startPostgresServer({ inMemory: true, settings: ['autovacuum=off'] });
afterAll(() => server.close());
// the tables are made once; each platform gets a copy
const template = await server.newDatabase();
await (await openDatabase({ postgresUrl: template })).destroy();
keepPlatformsIn(() => server.newDatabase(template));

const SUITES = {
  ingest: () => import('./ingest/ingest.test.ts'),
  answers: () => import('./ingest/named-answers.test.ts'),
  identity: () => import('./identity/identity.test.ts'),
  parking: () => import('./parking/parking.test.ts'),
  tickets: () => import('./tickets/ticket-blocks.test.ts'),
  forms: () => import('./trust/personal-parts.test.ts'),
  platform: () => import('./platform.test.ts'),
};

// each in a suite of its own: what a file does before each test is done before its own tests only
for (const [name, load] of Object.entries(SUITES)) {
  describe(`on PostgreSQL: ${name}`, async () => {
    await load();
  });
}

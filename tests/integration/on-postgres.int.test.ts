/** What terminals and the platform do together, with a platform on a real PostgreSQL server: the same tests once more. */
import { describe } from 'vitest';
import { keepPlatformsOnPostgres } from '../../platform/test-support/on-postgres.ts';

const SUITES = {
  sync: () => import('./sync-to-platform.int.test.ts'),
  trust: () => import('./trust.int.test.ts'),
  documents: () => import('./documents.int.test.ts'),
  publishing: () => import('./publish.int.test.ts'),
  courier: () => import('./courier.int.test.ts'),
};

await keepPlatformsOnPostgres();
for (const [name, load] of Object.entries(SUITES)) {
  describe(`on PostgreSQL: ${name}`, async () => {
    await load();
  });
}

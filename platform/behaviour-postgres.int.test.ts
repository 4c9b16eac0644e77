/** Everything the platform promises is promised on PostgreSQL, too: the same tests, on a real server. */
import { describeBehaviour } from './test-support/behaviour-suites.ts';
import { keepPlatformsOnPostgres } from './test-support/on-postgres.ts';

await keepPlatformsOnPostgres();
describeBehaviour('on PostgreSQL');

/**
 * What every platform promises, wherever it keeps it. Each in a suite of its own: what a file does before each test is done
 * before its own tests only.
 */
import { describe } from 'vitest';

const SUITES = {
  ingest: () => import('../ingest/ingest.test.ts'),
  answers: () => import('../ingest/named-answers.test.ts'),
  identity: () => import('../identity/identity.test.ts'),
  parking: () => import('../parking/parking.test.ts'),
  tickets: () => import('../tickets/ticket-blocks.test.ts'),
  forms: () => import('../trust/personal-parts.test.ts'),
  watch: () => import('../ops/watch.test.ts'),
  fleet: () => import('../ops/fleet.test.ts'),
  bill: () => import('../ops/bill.test.ts'),
  pages: () => import('../http/ops-pages.test.ts'),
  platform: () => import('../platform.test.ts'),
};

/** After `keepPlatformsIn`. */
export function describeBehaviour(place: string): void {
  for (const [name, load] of Object.entries(SUITES)) {
    describe(`${place}: ${name}`, async () => {
      await load();
    });
  }
}

/** The tests of one file with the bug of the environment in the sources. */
import { defineConfig } from 'vitest/config';
import { edited } from './make-edits.ts';

export default defineConfig({
  root: new URL('../../..', import.meta.url).pathname,
  plugins: [
    {
      name: 'seeded-bug',
      enforce: 'pre',
      transform: (code: string, id: string) => edited(id.split('?')[0] ?? id, () => code),
    },
  ],
  // what was transformed with another bug must not come back
  test: { fsModuleCache: false, pool: 'forks', maxWorkers: 1, retry: 0, bail: 1, testTimeout: 60_000 },
});

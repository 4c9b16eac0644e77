import { configDefaults, defineConfig } from 'vitest/config';

const exclude = [...configDefaults.exclude, '**/dist/**', '.data/**', 'tests/e2e/**', 'tests/fixtures/**'];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    retry: 0,
    passWithNoTests: true,
    expect: { poll: { timeout: 45_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}', '**/*.prop.test.ts'],
          exclude: [...exclude, '**/*.int.test.ts'],
          // a slow machine is no failure; a test that hangs is
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['**/*.int.test.ts'],
          exclude,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // pcscd, ports and pseudo terminals are one per machine
          fileParallelism: false,
        },
      },
    ],
  },
});

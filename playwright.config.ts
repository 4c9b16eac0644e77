import { defineConfig } from '@playwright/test';
import { CHROMIUM, CHROMIUM_ARGS } from './tests/e2e/support/browser.ts';

export default defineConfig({
  testDir: 'tests',
  testMatch: '**/*.e2e.ts',
  workers: 2,
  retries: 0,
  reporter: 'list',
  fullyParallel: true,
  // no test here measures time: a machine that stands still for half a minute must not make one red
  timeout: 180_000,
  expect: { timeout: 45_000 },
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath: CHROMIUM, args: [...CHROMIUM_ARGS] },
  },
});

/** The parts that need the whole kiosk and a browser; both share one of each. */
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { CHROMIUM, CHROMIUM_ARGS } from '../tests/e2e/support/browser.ts';
import { startKiosk } from './kiosk.ts';
import type { Figure } from './report.ts';
import { measureStart } from './start.ts';
import { measureTaps } from './taps.ts';

/** `parts`: `start`, `tap` or both. */
export async function withPages(directory: string, parts: readonly string[]): Promise<readonly Figure[]> {
  const kiosk = await startKiosk(join(directory, 'site'));
  try {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_ARGS] });
    try {
      const stage = { kiosk, browser, directory };
      const started = parts.includes('start') ? await measureStart(stage) : [];
      return [...started, ...(parts.includes('tap') ? await measureTaps(stage) : [])];
    } finally {
      await browser.close();
    }
  } finally {
    await kiosk.close();
  }
}

/** The parts that need the whole kiosk and a browser; both share one kiosk and one browser. */
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { CHROMIUM, CHROMIUM_ARGS, ORIENTATIONS } from '../tests/e2e/support/browser.ts';
import { startKiosk, type Kiosk } from './kiosk.ts';
import { installProbe } from './page-probe.ts';
import type { Figure } from './report.ts';
import { measureStart } from './start.ts';
import { measureTaps } from './taps.ts';

export interface Stage {
  readonly kiosk: Kiosk;
  readonly browser: Browser;
  /** For the vanilla pages. */
  readonly directory: string;
}

export async function withPages(directory: string, parts: readonly string[]): Promise<readonly Figure[]> {
  const kiosk = await startKiosk(join(directory, 'site'));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_ARGS] });
  try {
    const stage = { kiosk, browser, directory };
    const figures: Figure[] = [];
    if (parts.includes('start')) figures.push(...(await measureStart(stage)));
    if (parts.includes('tap')) figures.push(...(await measureTaps(stage)));
    return figures;
  } finally {
    await browser.close();
    await kiosk.close();
  }
}

/** A page on a glass of its own, with an empty cache and the probe in it; not loaded yet. */
export async function freshPage(browser: Browser): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const context = await browser.newContext({
    viewport: ORIENTATIONS.portrait,
    hasTouch: true,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await installProbe(page);
  return { context, page };
}

/** What the parts that look at pages share: one kiosk, one browser, and glasses to open pages on. */
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { ORIENTATIONS } from '../tests/e2e/support/browser.ts';
import type { Kiosk } from './kiosk.ts';
import { installProbe } from './page-probe.ts';

export interface Stage {
  readonly kiosk: Kiosk;
  readonly browser: Browser;
  /** For the vanilla pages. */
  readonly directory: string;
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

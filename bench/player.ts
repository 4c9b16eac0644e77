/** A finger on a page: taps it, and reads what the tap cost. */
import type { CDPSession, Page } from '@playwright/test';

export interface Tap {
  /** From the finger's lift to the painted next screen. */
  readonly paintMs: number;
  readonly scriptMs: number;
  readonly layoutMs: number;
}

export interface Player {
  readonly page: Page;
  /** Taps the middle of the first element that matches and waits for the next screen. */
  tap(selector: string): Promise<Tap>;
}

/** Beside the afterwork: for 400 ms after a change of page a touch near the last one is taken for its echo. */
export const REST_MS = 310;
/** Work that a screen leaves for after its first paint. */
const AFTERWORK_MS = 120;

export async function createPlayer(page: Page): Promise<Player> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return {
    page,
    async tap(selector) {
      await page.waitForTimeout(REST_MS);
      const spot = await page.locator(selector).first().boundingBox();
      if (!spot) throw new Error(`nothing to tap: ${selector}`);
      const before = await workOf(session);
      const painted = page.evaluate(() => window.bench.nextScreen());
      await page.touchscreen.tap(spot.x + spot.width / 2, spot.y + spot.height / 2);
      const paintMs = await painted;
      await page.waitForTimeout(AFTERWORK_MS);
      const after = await workOf(session);
      return { paintMs, scriptMs: after.scriptMs - before.scriptMs, layoutMs: after.layoutMs - before.layoutMs };
    },
  };
}

/** What the page's main thread has spent since it was loaded. Layout holds the resolution of styles. */
async function workOf(session: CDPSession): Promise<{ readonly scriptMs: number; readonly layoutMs: number }> {
  const { metrics } = await session.send('Performance.getMetrics');
  const seconds = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return {
    scriptMs: seconds('ScriptDuration') * 1_000,
    layoutMs: (seconds('LayoutDuration') + seconds('RecalcStyleDuration')) * 1_000,
  };
}

/** Builds the page once per worker, serves it, and opens it with axe and our fake engine in place. */
import { join, resolve } from 'node:path';
import { test as base, type Browser } from '@playwright/test';
import { buildRenderer } from '../../../scripts/build-renderer.ts';
import { installAxe } from './axe.ts';
import { ORIENTATIONS, type Orientation } from './browser.ts';
import { openFace, type Face } from './page-with-view.ts';
import { serveFolder, type StaticServer } from './static-server.ts';

export interface FaceOptions {
  readonly orientation: Orientation;
  readonly touch?: boolean;
}

interface Fixtures {
  /** Opens the page; closed again when the test ends. */
  readonly open: (options: FaceOptions) => Promise<Face>;
}

export const test = base.extend<Fixtures, { readonly site: StaticServer }>({
  site: [
    async ({ browserName }, use, workerInfo) => {
      const folder = join('dist', `renderer-e2e-${browserName}-${workerInfo.workerIndex}`);
      await buildRenderer(folder);
      const site = await serveFolder(resolve(import.meta.dirname, '../../..', folder));
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
  open: async ({ browser, site }, use) => {
    const opened: Face[] = [];
    await use(async (options) => {
      const face = await openOne(browser, site.url, options);
      opened.push(face);
      return face;
    });
    for (const face of opened) await face.page.context().close();
  },
});

async function openOne(browser: Browser, url: string, { orientation, touch = false }: FaceOptions): Promise<Face> {
  const context = await browser.newContext({
    viewport: ORIENTATIONS[orientation],
    reducedMotion: 'reduce',
    hasTouch: touch,
  });
  await installAxe(context);
  return openFace(context, url);
}

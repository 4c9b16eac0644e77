/** Draws every page of the gallery as a picture into dist/screens/, with one contact sheet per language, size and orientation. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import type { Locale, TextSize } from '../contract/view.schema.ts';
import { CHROMIUM, CHROMIUM_ARGS, ORIENTATIONS, type Orientation } from '../tests/e2e/support/browser.ts';
import { openFace } from '../tests/e2e/support/page-with-view.ts';
import { serveFolder } from '../tests/e2e/support/static-server.ts';
import { collectGallery } from '../tests/support/gallery.ts';
import { buildRenderer } from './build-renderer.ts';

interface Sheet {
  readonly locale: Locale;
  readonly size: TextSize;
  readonly orientation: Orientation;
  readonly names: string[];
}

const OUT = resolve(import.meta.dirname, '../dist/screens');

async function drawSheet(browser: Browser, url: string, sheet: Omit<Sheet, 'names'>, only: RegExp): Promise<Sheet> {
  const context = await browser.newContext({ viewport: ORIENTATIONS[sheet.orientation], reducedMotion: 'reduce' });
  const face = await openFace(context, url);
  const names: string[] = [];
  const settings = { locale: sheet.locale, size: sheet.size, contrast: 'light', reach: 'normal' } as const;
  for (const { name, view } of await collectGallery(settings)) {
    if (!only.test(name)) continue;
    await face.show(view);
    await face.page.screenshot({ path: join(OUT, folderOf(sheet), `${name}.png`) });
    names.push(name);
  }
  await context.close();
  return { ...sheet, names };
}

function folderOf({ locale, size, orientation }: Omit<Sheet, 'names'>): string {
  return `${locale}-${size}-${orientation}`;
}

/** The overview as a page of its own and as one picture. */
async function writeContactSheet(browser: Browser, url: string, sheet: Sheet): Promise<void> {
  const folder = folderOf(sheet);
  const widthPx = sheet.orientation === 'portrait' ? 300 : 480;
  const figures = sheet.names
    .map(
      (name) => `<figure><img src="${folder}/${name}.png" width="${widthPx}"><figcaption>${name}</figcaption></figure>`,
    )
    .join('');
  const style =
    'body{margin:16px;background:#444;color:#fff;font:16px sans-serif}main{display:flex;flex-wrap:wrap;gap:16px}figure{margin:0}img{display:block}';
  const html = `<!doctype html><meta charset="utf-8"><title>${folder}</title><style>${style}</style><main>${figures}</main>`;
  await writeFile(join(OUT, `${folder}.html`), html);
  const page = await browser.newPage({ viewport: { width: 6 * (widthPx + 16) + 32, height: 800 } });
  await page.goto(`${url}${folder}.html`);
  await page.screenshot({ path: join(OUT, `${folder}.png`), fullPage: true });
  await page.close();
}

async function main(): Promise<void> {
  const folderFilter = new RegExp(process.argv[2] ?? '.');
  const nameFilter = new RegExp(process.argv[3] ?? '.');
  if (!process.argv[2]) await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  await buildRenderer();
  const pages = await serveFolder(resolve(import.meta.dirname, '../dist/renderer'));
  const pictures = await serveFolder(OUT, null);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_ARGS] });
  for (const locale of ['zh-Hans', 'zh-Hant', 'en'] as const) {
    for (const size of ['S2', 'S3'] as const) {
      for (const orientation of ['portrait', 'landscape'] as const) {
        const sheet = { locale, size, orientation };
        if (!folderFilter.test(folderOf(sheet))) continue;
        await writeContactSheet(browser, pictures.url, await drawSheet(browser, pages.url, sheet, nameFilter));
      }
    }
  }
  await browser.close();
  await Promise.all([pages.close(), pictures.close()]);
}

await main();

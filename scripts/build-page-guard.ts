/** Bundles the page guard of the browser host: one classic script, so that it runs before the renderer's module. */
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '..');
export const PAGE_GUARD_FILE = join(ROOT, 'dist', 'browser-host', 'page-guard.js');

/** Writes `dist/browser-host/page-guard.js` (or `outFile`) and returns its path. */
export async function buildPageGuard(outFile = PAGE_GUARD_FILE): Promise<string> {
  await build({
    entryPoints: [join(ROOT, 'browser-host', 'page-guard.entry.ts')],
    outfile: outFile,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'chrome150',
    logLevel: 'warning',
  });
  return outFile;
}

if (import.meta.main) await buildPageGuard();

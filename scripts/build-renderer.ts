/** Bundles the page: one script, one style sheet, one document, relative paths only. */
import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '..');

/** Writes `index.html`, `icon.svg`, `renderer.js` and `renderer.css` to `outDir` (relative to the repository); rejects on a build error. */
export async function buildRenderer(outDir = 'dist/renderer'): Promise<void> {
  const target = resolve(ROOT, outDir);
  await mkdir(target, { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: { renderer: 'renderer/main.tsx' },
    outdir: target,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'chrome120',
    jsx: 'automatic',
    legalComments: 'none',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  for (const name of ['index.html', 'icon.svg']) await copyFile(join(ROOT, 'renderer', name), join(target, name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildRenderer(process.argv[2]);

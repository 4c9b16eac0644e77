/**
 * Bundles Electron's files and the engine beside them. `main.mjs` and `preload.cjs` are the same whatever engine stands beside them, so tests
 * put a stub there and run the very files that are shipped.
 */
import { cp, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build, type BuildOptions } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '..');

export interface ElectronBuild {
  /** Where the three files go; the renderer is expected in `../renderer` from there. */
  readonly outDir: string;
  readonly engineEntry: string;
}

export const ELECTRON_BUILD: ElectronBuild = {
  outDir: join(ROOT, 'dist', 'electron'),
  engineEntry: join(ROOT, 'engine', 'main.ts'),
};

const DEVICE_HOST_ENTRY = join(ROOT, 'engine', 'devices', 'device-host.main.ts');

/** Native modules keep their own files: they look for their binaries beside themselves. */
const NATIVE = ['better-sqlite3', 'serialport', '@serialport/*', '@resvg/*', 'pcsc-mini', '@pcsc-mini/*'];

/** CommonJS packages inside an ES module still call `require`. */
const REQUIRE_BANNER =
  "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);";

const COMMON: BuildOptions = { bundle: true, target: 'node24', logLevel: 'warning', legalComments: 'none' };

export async function buildElectron({ outDir, engineEntry }: ElectronBuild = ELECTRON_BUILD): Promise<void> {
  await Promise.all([
    build({
      ...COMMON,
      entryPoints: [join(ROOT, 'electron', 'main.ts')],
      outfile: join(outDir, 'main.mjs'),
      platform: 'node',
      format: 'esm',
      external: ['electron'],
    }),
    build({
      ...COMMON,
      entryPoints: [join(ROOT, 'electron', 'preload.ts')],
      outfile: join(outDir, 'preload.cjs'),
      // not 'node': a sandboxed preload has none of it, and a bundle that needs it must not build
      platform: 'browser',
      target: 'chrome150',
      format: 'cjs',
      external: ['electron'],
    }),
    buildEngine(engineEntry, join(outDir, 'engine.mjs')),
    buildEngine(DEVICE_HOST_ENTRY, join(outDir, 'devices', 'device-host.main.mjs')),
    copyConfig(join(dirname(outDir), 'kiosk-config')),
  ]);
}

async function buildEngine(entry: string, outfile: string): Promise<void> {
  await build({
    ...COMMON,
    entryPoints: [entry],
    outfile,
    platform: 'node',
    format: 'esm',
    external: NATIVE,
    banner: { js: REQUIRE_BANNER },
  });
}

/** The engine looks for its configuration one folder above its own. */
async function copyConfig(target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await cp(join(ROOT, 'kiosk-config'), target, { recursive: true, filter: (file) => !file.endsWith('.ts') });
}

if (import.meta.main) await buildElectron();

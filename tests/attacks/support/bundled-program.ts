/** A program of an attack as one file, so that its processes start in half the time. */
import { buildSync } from 'esbuild';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

export interface BundledProgram {
  readonly path: string;
  /** For its environment: where node keeps what it compiled once. */
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
}

/** `script` from tests/attacks. It lies beside node_modules, so that the SQLite addon is found. */
export function bundleProgram(script: string): BundledProgram {
  mkdirSync(join(ROOT, 'dist', 'attacks'), { recursive: true });
  const directory = mkdtempSync(join(ROOT, 'dist', 'attacks', 'program-'));
  const path = join(directory, 'program.mjs');
  buildSync({
    entryPoints: [resolve(ROOT, 'tests/attacks', script)],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: ['better-sqlite3'],
    logLevel: 'error',
  });
  return {
    path,
    env: { NODE_COMPILE_CACHE: join(directory, 'compiled') },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

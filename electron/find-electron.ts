/**
 * Where Electron's binary is. Never by `require('electron')`: its package downloads the binary on first use, and a kiosk,
 * or a test, does not download. Reads the file that it would read.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The path of the binary, or undefined when the package or its binary is not installed. */
export function findElectron(env: NodeJS.ProcessEnv = process.env): string | undefined {
  try {
    const packageDir = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    const distDir = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(packageDir, 'dist');
    const binary = join(distDir, readFileSync(join(packageDir, 'path.txt'), 'utf8'));
    accessSync(binary, constants.X_OK);
    return binary;
  } catch {
    return undefined; // ENOENT: the package is there, its binary was never fetched
  }
}

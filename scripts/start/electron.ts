/** Electron, where its binary is there and there is a display for its window. Looking never starts a download. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export async function findElectronHere(root: string): Promise<string | undefined> {
  const finder = join(root, 'electron', 'find-electron.ts');
  const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  if (!hasDisplay || !existsSync(finder)) return undefined;
  const module: unknown = await import(pathToFileURL(finder).href);
  if (!isFinder(module)) return undefined;
  return module.findElectron();
}

function isFinder(module: unknown): module is { findElectron(): string | undefined } {
  return typeof module === 'object' && module !== null && 'findElectron' in module;
}

/** Reads configuration texts from the disk beside this file. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadConfigText } from './load.ts';

export function readConfigFiles(folder: string): ReadConfigText {
  return (path) => {
    const full = join(folder, path);
    return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
  };
}

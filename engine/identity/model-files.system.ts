/** Reads the files of one folder by their bare names; nothing outside it can be named. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadModelFile } from './face-model.ts';

export function readModelFiles(folder: string): ReadModelFile {
  return (name) => {
    if (!/^[a-z0-9][a-z0-9.-]{0,63}$/.test(name)) return undefined;
    try {
      return readFileSync(join(folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
}

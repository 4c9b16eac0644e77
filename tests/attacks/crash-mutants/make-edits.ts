/** Writes the bug into a source as it is loaded; the files themselves are not touched. */
import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EDITS, MADE, type Edit } from './mutant.types.ts';

const ROOT = resolve(import.meta.dirname, '..', '..', '..');

/** The source with the edits of this process in it; undefined when none is for this file. */
export function edited(path: string, source: () => string): string | undefined {
  const edits = JSON.parse(process.env[EDITS] ?? '[]') as readonly Edit[];
  const own = edits.filter(({ file }) => resolve(ROOT, file) === path);
  if (own.length === 0) return undefined;
  return own.reduce((text, { file, from, to }) => {
    if (text.split(from).length !== 2) throw new Error(`not once in ${file}: ${from}`);
    appendFileSync(process.env[MADE] ?? '/dev/null', `${edits.findIndex((edit) => edit.from === from)}\n`);
    return text.replace(from, () => to);
  }, source());
}

/** The table of `docs/reliability.md`: what each attack did and saw, on which machine, when, from which seed. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

const Kept = Type.Object({
  at: Type.String(),
  machine: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  seed: Type.Integer(),
  size: Type.Enum(['short', 'full']),
  figures: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  violations: Type.Array(Type.String()),
  missed: Type.Array(Type.String()),
});
export type Kept = Static<typeof Kept>;

const BEGIN = '<!-- figures: written by npm run attacks -->';
const END = '<!-- end of figures -->';

/** Puts the results of full runs that lie in `dist/attacks/` into the document. */
export function writeReliabilityTable(root: string): void {
  const file = join(root, 'docs', 'reliability.md');
  writeFileSync(file, withTable(readFileSync(file, 'utf8'), readResults(join(root, 'dist', 'attacks'))));
}

export function withTable(document: string, results: ReadonlyMap<string, Kept>): string {
  const [before, rest] = document.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`the document has no ${BEGIN} ... ${END}`);
  return `${before}${BEGIN}\n\n${reliabilityTable(results)}\n${END}${after}`;
}

export function reliabilityTable(results: ReadonlyMap<string, Kept>): string {
  const rows = [...results].map(([name, { at, seed, figures, violations, missed }]) => {
    const seen = Object.entries(figures).map(([figure, value]) => `${figure}: ${value}`);
    const cells = [`\`${name}\``, seen.join('; '), String(violations.length), missed.join('; ') || '–', String(seed)];
    return `| ${[...cells, at.slice(0, 10)].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  });
  const head = '| attack | seen | violations | figures missed | seed | date |\n| --- | --- | --- | --- | --- | --- |\n';
  return `${machineLine([...results.values()])}${head}${rows.join('')}`;
}

function machineLine(results: readonly Kept[]): string {
  const machine = results[0]?.machine;
  if (!machine) return '';
  const parts = ['cpu', 'cores', 'memoryGiB', 'kernel', 'disk', 'node'].map((key) => `${key} ${machine[key] ?? '?'}`);
  return `Machine: ${parts.join(' · ')}.\n\n`;
}

function readResults(directory: string): ReadonlyMap<string, Kept> {
  const names = existsSync(directory)
    ? readdirSync(directory)
        .filter((name) => name.endsWith('.json'))
        .toSorted()
    : [];
  const kept = names.map((name): [string, unknown] => [
    name.replace(/\.json$/, ''),
    JSON.parse(readFileSync(join(directory, name), 'utf8')),
  ]);
  return new Map(kept.filter((one): one is [string, Kept] => Value.Check(Kept, one[1]) && one[1].size === 'full'));
}

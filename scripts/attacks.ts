/**
 * `npm run attacks [-- --short]`: every attack in full, one after the other on an otherwise idle machine, then the table in
 * `docs/reliability.md` with what was seen. A single one: `npm run crash:logic` and its sisters.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { ATTACKS } from '../tests/attacks/attacks.ts';
import { writeReliabilityTable } from './operations/reliability-table.ts';

const ROOT = resolve(import.meta.dirname, '..');
const failed = Object.keys(ATTACKS).filter((name) => {
  const { status } = spawnSync(process.execPath, ['scripts/attack.ts', name, ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  console.log('');
  return status !== 0;
});
if (!process.argv.includes('--short')) writeReliabilityTable(ROOT);
console.log(
  failed.length === 0 ? 'every attack was withstood' : `not withstood, or a figure missed: ${failed.join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

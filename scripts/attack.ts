/**
 * `npm run crash:logic [-- --seed N]` and its sisters: runs one attack in full, prints its figures and, for whatever broke,
 * the seed that breaks it again. Exit code 1 for a violation or a figure that was not reached.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeMachine } from '../bench/machine.ts';
import { ATTACKS } from '../tests/attacks/attacks.ts';
import type { Attack } from '../tests/attacks/attack.ts';
import { ensureDebianPackages, thisHost } from './gates/debian.ts';

const DEFAULT_SEED = 1;
const EXIT_USAGE = 64;

const [name = '', ...rest] = process.argv.slice(2);
const load = ATTACKS[name];
if (!load) giveUp(`usage: one of ${Object.keys(ATTACKS).join(', ')}`);
if (!(await ensureDebianPackages(thisHost(), (line) => console.log(line)))) process.exit(1);
const attack = await load();
process.exitCode = await runWhole(attack, readArgs(attack, rest));

interface Args {
  readonly seed: number;
  readonly size: 'short' | 'full';
  readonly args: Readonly<Record<string, string>>;
}

async function runWhole({ name: title, promise, run }: Attack, { seed, size, args }: Args): Promise<number> {
  console.log(`${title}: ${promise}\nseed ${seed}${size === 'short' ? ' · short form' : ''}`);
  const began = performance.now();
  const report = await run({ size, seed, args, say: (line) => console.log(line) });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const figures = { ...report.figures, 'time, s': seconds };
  for (const [figure, value] of Object.entries(figures)) console.log(`  ${figure.padEnd(44)} ${value}`);
  for (const violation of report.violations.slice(0, 20)) console.log(`VIOLATION (seed ${seed}): ${violation}`);
  for (const missed of report.missed) console.log(`MISSED: ${missed}`);
  console.log(`${report.violations.length} violations, ${report.missed.length} figures missed`);
  const directory = resolve(import.meta.dirname, '..', 'dist', 'attacks');
  mkdirSync(directory, { recursive: true });
  const { violations, missed } = report;
  const kept = {
    at: new Date().toISOString(),
    machine: describeMachine(directory),
    seed,
    size,
    figures,
    violations,
    missed,
  };
  writeFileSync(resolve(directory, `${title}.json`), `${JSON.stringify(kept, undefined, 2)}\n`);
  return violations.length + missed.length === 0 ? 0 : 1;
}

/** `--name value` pairs; `--short` takes none. */
function readArgs({ usage = '' }: Attack, words: readonly string[]): Args {
  const args: Record<string, string> = {};
  let size: Args['size'] = 'full';
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--short') {
      size = 'short';
      continue;
    }
    const value = words[++index];
    if (!word.startsWith('--') || value === undefined)
      giveUp(`usage: npm run ${name} -- [--short] [--seed N] ${usage}`);
    args[word.slice(2)] = value;
  }
  const { seed: given = String(DEFAULT_SEED), ...others } = args;
  if (!/^\d{1,9}$/.test(given)) giveUp('--seed is a whole number');
  return { seed: Number(given), size, args: others };
}

function giveUp(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(EXIT_USAGE);
}

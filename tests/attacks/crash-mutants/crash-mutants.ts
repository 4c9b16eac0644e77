/**
 * `npm run crash:mutants`: bugs written into the sources as they are loaded, each of which an attack or a test must notice. An
 * attack that notices nothing proves nothing. The files of the checkout are not touched.
 */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Attack, AttackOptions, AttackReport } from '../attack.ts';
import { LANES } from '../support/lanes.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { EDITS, EXIT, MADE, type Catcher, type Edit, type Mutant } from './mutant.types.ts';
import { MUTANTS } from './mutants.ts';

const ROOT = resolve(import.meta.dirname, '..', '..', '..');
const AT_LEAST = 15;
const LIMIT_MS = 240_000;
/** Of the short form: one of each part, none that needs more than seconds. */
const SHORT: readonly string[] = [
  'a lost sale is sent again',
  'the black box is written after the commit',
  'the mouth is cleared only after a print in doubt',
  'the platform keeps the first state it hears',
];

export const crashMutants: Attack = {
  name: 'crash-mutants',
  promise: 'a bug in ledger, recovery, sync or platform does not get past the attacks',
  usage: '--only WORDS',
  run,
};

async function run({ size, args, say }: AttackOptions): Promise<AttackReport> {
  const words = args['only'] ?? '';
  const chosen = MUTANTS.filter(({ name }) => (size === 'full' ? name.includes(words) : SHORT.includes(name)));
  const unlikely = chosen.flatMap(notOnce);
  const scratch = scratchDirectory('mutants');
  const violations = [...unlikely];
  let caught = 0;
  try {
    const quiet = [...new Map(chosen.map(({ catcher }) => [commandOf(catcher).join(' '), catcher])).values()];
    const work = [
      // a catcher that is red without a bug would catch everything and prove nothing
      ...quiet.map((catcher, index) => async () => {
        const { code, tail } = await runCatcher(catcher, [], join(scratch, `quiet-${index}`));
        if (code !== EXIT.quiet) violations.push(`red without any bug: ${commandOf(catcher).join(' ')}\n${tail}`);
      }),
      ...chosen.map((mutant, index) => async () => {
        const verdict = await tryMutant(mutant, join(scratch, `made-${index}`));
        if (verdict === 'caught') caught++;
        else violations.push(`${mutant.name}: ${verdict}`);
        say(`${verdict === 'caught' ? 'caught  ' : 'SURVIVED'}  ${mutant.name}`);
      }),
    ];
    await inLanes(work);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const isFew = size === 'full' && words === '' && caught < AT_LEAST;
  return {
    figures: { 'seeded bugs': chosen.length, caught },
    violations,
    missed: isFew ? [`${caught} caught, not ${AT_LEAST}`] : [],
  };
}

function notOnce({ name, edits }: Mutant): readonly string[] {
  return edits
    .filter(({ file, from }) => readFileSync(join(ROOT, file), 'utf8').split(from).length !== 2)
    .map(({ file, from }) => `${name}: not once in ${file}: ${from.split('\n')[0]}`);
}

/** `caught`, or why not. */
async function tryMutant({ edits, catcher }: Mutant, made: string): Promise<string> {
  const { code, tail } = await runCatcher(catcher, edits, made);
  const wasMade = edits.every((_, index) => readIfThere(made).split('\n').includes(String(index)));
  if (!wasMade) return `the bug was never in what ran\n${tail}`;
  if (code === EXIT.quiet) return 'nobody noticed';
  const isNoticed = catcher.kind === 'test' ? /Tests .* failed/.test(tail) : code === EXIT.caught;
  return isNoticed ? 'caught' : `the catcher broke (${code})\n${tail}`;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // nothing was made
  }
}

function commandOf(catcher: Catcher): readonly string[] {
  const editing = ['--import', join(import.meta.dirname, 'edit-on-load.main.ts')];
  switch (catcher.kind) {
    case 'logic':
      return [
        ...editing,
        join(import.meta.dirname, 'catch-logic.main.ts'),
        String(catcher.againEvery),
        ...catcher.plans,
      ];
    case 'sim':
      return [
        ...editing,
        join(import.meta.dirname, 'catch-sim.main.ts'),
        ...[catcher.seed, catcher.kiosk, catcher.days].map(String),
      ];
    case 'test': {
      const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
      return [vitest, 'run', '--config', join(import.meta.dirname, 'mutant.config.ts'), catcher.file];
    }
  }
}

interface Ran {
  readonly code: number | null;
  /** The end of what it said. */
  readonly tail: string;
}

function runCatcher(catcher: Catcher, edits: readonly Edit[], made: string): Promise<Ran> {
  const env = { ...process.env, NO_COLOR: '1', [EDITS]: JSON.stringify(edits), [MADE]: made };
  const child = spawn(process.execPath, [...commandOf(catcher)], {
    cwd: ROOT,
    env,
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  let said = '';
  const hear = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-2_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((done, broken) => {
    child.once('error', broken);
    child.once('close', (code) => done({ code, tail: said.trim() }));
  });
}

async function inLanes(work: readonly (() => Promise<void>)[]): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      while (next < work.length) await work[next++]?.();
    }),
  );
}

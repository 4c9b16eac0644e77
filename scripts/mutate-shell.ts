/**
 * `npm run mutate:shell [words]`: do the tests of the shell bite? Loosens a copy of the sources one line at a time and
 * runs the test that must notice. Exit code 1 when a loosening survives. The checkout itself is not touched.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { SHELL_MUTANTS, type Catcher, type Mutant } from './mutants/shell-mutants.ts';

const ROOT = resolve(import.meta.dirname, '..');
const COPIED = [
  'browser-host',
  'contract',
  'drivers',
  'electron',
  'engine',
  'kiosk-config',
  'scripts',
  'shell',
  'tests',
];
const FILES = ['package.json', 'tsconfig.json', 'vitest.config.ts', 'playwright.config.ts'];
const CATCHER_TIMEOUT_MS = 180_000;
const TAIL_LINES = 15;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function copyOfSources(): string {
  const copy = mkdtempSync(join(tmpdir(), 'mutants-'));
  for (const name of [...COPIED, ...FILES]) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function commandOf(catcher: Catcher): string[] {
  if (catcher.tool === 'vitest') return ['vitest', 'run', '--reporter=dot', '--bail=1', catcher.file];
  return ['playwright', 'test', '--reporter=line', '--retries=0', '-x', catcher.file, '-g', catcher.title];
}

/** Whether the catcher fails on the copy as it is; `output` for whoever wants to know why. */
function runCatcher(copy: string, catcher: Catcher): { readonly isRed: boolean; readonly output: string } {
  const [tool = '', ...args] = commandOf(catcher);
  const run = spawnSync(join(ROOT, 'node_modules', '.bin', tool), args, {
    cwd: copy,
    encoding: 'utf8',
    timeout: CATCHER_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  return { isRed: run.status !== 0, output: run.stdout + run.stderr };
}

function isCaught(copy: string, mutant: Mutant): boolean {
  const file = join(copy, mutant.file);
  const original = readFileSync(file, 'utf8');
  if (original.split(mutant.from).length !== 2) throw new Error(`${mutant.name}: not once in ${mutant.file}`);
  writeFileSync(
    file,
    original.replace(mutant.from, () => mutant.to),
  );
  const { isRed } = runCatcher(copy, mutant.catcher);
  writeFileSync(file, original);
  return isRed;
}

/** A catcher that is red before anything is loosened would catch everything and prove nothing. */
function redCatchers(copy: string, mutants: readonly Mutant[]): readonly string[] {
  const catchers = new Map(mutants.map((mutant) => [commandOf(mutant.catcher).join(' '), mutant.catcher]));
  return [...catchers].flatMap(([command, catcher]) => {
    const { isRed, output } = runCatcher(copy, catcher);
    return isRed ? [`${command}\n${output.split('\n').slice(-TAIL_LINES).join('\n')}`] : [];
  });
}

function mutate(mutants: readonly Mutant[]): boolean {
  const copy = copyOfSources();
  try {
    const red = redCatchers(copy, mutants);
    for (const command of red) say(`red before any change: ${command}`);
    if (red.length > 0) return false;
    const survivors = mutants.filter((mutant) => {
      const caught = isCaught(copy, mutant);
      say(`${caught ? 'caught  ' : 'SURVIVED'}  ${mutant.name}  (${mutant.file})`);
      return !caught;
    });
    say(`${mutants.length - survivors.length} of ${mutants.length} caught`);
    return survivors.length === 0;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const words = process.argv.slice(2).join(' ');
process.exitCode = mutate(SHELL_MUTANTS.filter((mutant) => mutant.name.includes(words))) ? 0 : 1;

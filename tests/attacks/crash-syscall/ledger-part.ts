/** Failing system calls of the ledger: of its own files and of its black box. */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { AttackOptions, AttackReport } from '../attack.ts';
import { bundleProgram } from '../support/bundled-program.ts';
import { Draw, seedOf } from '../support/draw.ts';
import { inParallel } from '../support/run-node.ts';
import { scratchDirectory } from '../support/scratch.ts';
import {
  filesIn,
  layOut,
  pathsOf,
  runCase,
  tell,
  tellerOf,
  type Bench,
  type Case,
  type CaseResult,
  type Files,
} from './injected-run.ts';
import { countCalls, describeInjection, watching, type Call, type Injection } from './injection.ts';

const FULL_EFFECTIVE = 120;
const FULL_CASES = 160;
const SHORT_CASES = 14;
const FULL_LIES = 16;
const SHORT_LIES = 4;
const WHATS = ['EIO', 'ENOSPC', 'kill'] as const;

export async function attackLedger(options: AttackOptions): Promise<AttackReport> {
  const bench = await prepare(options.seed);
  const results: { readonly one: Case; readonly result: CaseResult }[] = [];
  try {
    const counted = await countAll(bench, options.seed);
    const cases = [...attackCases(options, counted), ...lyingCases(options, counted)];
    const { case: wanted } = options.args;
    const chosen = wanted === undefined ? cases : cases.filter(({ number }) => number === Number(wanted));
    await inParallel(chosen, availableParallelism(), async (one) => {
      const result = await runCase(bench, one);
      results.push({ one, result });
      if (wanted !== undefined) for (const heard of result.heard) options.say(JSON.stringify(heard));
    });
  } finally {
    bench.program.remove();
    rmSync(bench.scratch, { recursive: true, force: true });
  }
  return report(options, results);
}

function report(
  { size, args }: AttackOptions,
  results: readonly { readonly one: Case; readonly result: CaseResult }[],
): AttackReport {
  const effective = results.filter(({ result }) => result.isEffective);
  const honest = effective.filter(({ one }) => one.injection.what !== 'lie');
  const lies = effective.filter(({ one }) => one.injection.what === 'lie');
  const noticed = lies.filter(({ result }) => result.wrong?.kind === 'refused').length;
  const count = (what: Injection['what']): number => honest.filter(({ one }) => one.injection.what === what).length;
  const wrong = honest.filter(({ result }) => result.wrong);
  const isFull = size === 'full' && args['case'] === undefined;
  return {
    figures: {
      'effective runs': honest.length,
      'with EIO': count('EIO'),
      'with ENOSPC': count('ENOSPC'),
      'killed within a call': count('kill'),
      'refusals heard': honest.reduce(
        (sum, { result }) => sum + result.heard.filter(({ is }) => is === 'refused').length,
        0,
      ),
      'acknowledged rows lost': wrong.filter(({ result }) => result.wrong?.kind === 'lost').length,
      'control, a disk that lies about a write: runs': lies.length,
      'control: noticed by the checks at the next start': noticed,
      'control: lost without a notice': lies.filter(({ result }) => result.wrong?.kind === 'lost').length,
    },
    violations: [
      ...wrong.map(({ one, result }) => `case ${one.number}, ${describe(one)}: ${result.wrong?.detail}`),
      ...(lies.length > 0 && noticed === 0 ? ['control: no lie of the disk was noticed'] : []),
    ],
    missed: isFull && honest.length < FULL_EFFECTIVE ? [`${honest.length} of ${FULL_EFFECTIVE} effective runs`] : [],
  };
}

/** A ledger that was killed, for the cases that begin with one. */
async function prepare(seed: number): Promise<Bench> {
  const program = bundleProgram('crash-syscall/teller.main.ts');
  const scratch = scratchDirectory('crash-syscall');
  const used = join(scratch, 'used');
  const files = filesIn(used);
  layOut(files);
  const usedHeard = await tell(program, tellerOf(files, { seed, closes: false }), []);
  return { program, scratch, used, usedHeard };
}

type Counts = ReadonlyMap<Call, number>;

/** How often each call comes by, for each start and each group of files. */
async function countAll(bench: Bench, seed: number): Promise<ReadonlyMap<string, Counts>> {
  const counted = new Map<string, Counts>();
  for (const isUsed of [false, true]) {
    for (const files of ['ledger', 'blackBox', 'database'] satisfies readonly Files[]) {
      const directory = join(bench.scratch, `count-${files}-${isUsed}`);
      const paths = filesIn(directory);
      layOut(paths, isUsed ? bench.used : undefined);
      const trace = `${directory}.trace`;
      await tell(
        bench.program,
        tellerOf(paths, { seed: seedOf(seed, 0), closes: true }),
        watching(pathsOf(paths, files), trace),
      );
      counted.set(`${files} ${isUsed}`, countCalls(trace));
    }
  }
  return counted;
}

function attackCases({ size, seed }: AttackOptions, counted: ReadonlyMap<string, Counts>): readonly Case[] {
  const draw = new Draw(seed);
  return Array.from({ length: size === 'full' ? FULL_CASES : SHORT_CASES }, (_, number) => {
    const isUsed = number % 2 === 1;
    const files = number % 4 === 3 ? 'blackBox' : 'ledger';
    const calls = [...(counted.get(`${files} ${isUsed}`) ?? [])];
    // half of them at the calls that count, the rest at every other
    const weighty = calls.filter(([call]) => call !== 'openat' && call !== 'unlink');
    const [call, count] = draw.pick(draw.hits(70) ? weighty : calls);
    const nth = 1 + draw.below(count);
    const injection = { call, what: draw.pick(WHATS), nth };
    return { number, seed: seedOf(seed, 0), injection, files, isUsed, closes: draw.hits(50) };
  });
}

/** Writes of the database itself: they come when the write-ahead log is moved into it, at the end. */
function lyingCases({ size, seed }: AttackOptions, counted: ReadonlyMap<string, Counts>): readonly Case[] {
  const count = counted.get('database true')?.get('pwrite64') ?? 0;
  return Array.from({ length: Math.min(count, size === 'full' ? FULL_LIES : SHORT_LIES) }, (_, index) => ({
    number: FULL_CASES + index,
    seed: seedOf(seed, 0),
    injection: { call: 'pwrite64', what: 'lie', nth: count - index },
    files: 'database',
    isUsed: true,
    closes: true,
  }));
}

function describe({ injection, files, isUsed, closes }: Case): string {
  return `${describeInjection(injection)} of ${files}, ${isUsed ? 'used' : 'empty'} disk, ${closes ? 'closed' : 'left open'}`;
}

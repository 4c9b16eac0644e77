/** Failing system calls of the platform's file, its log and their directory, in any of its threads. */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { AttackOptions, AttackReport } from '../attack.ts';
import { Draw, seedOf } from '../support/draw.ts';
import { inParallel } from '../support/run-node.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { describeInjection, type Call, type Injection } from './injection.ts';
import { countPlatformCalls, runPlatformCase, type PlatformCase, type PlatformResult } from './platform-run.ts';

const FULL_CASES = 36;
const FULL_EFFECTIVE = 20;
const SHORT_CASES = 3;
const WHATS = ['EIO', 'ENOSPC', 'kill'] as const;
/** Its threads take turns as they come, so that counts differ from run to run, and a failure should strike. */
const SURE_PERCENT = 40;

interface Judged {
  readonly one: PlatformCase;
  readonly result: PlatformResult;
}

export async function attackPlatform(options: AttackOptions): Promise<AttackReport> {
  const scratch = scratchDirectory('crash-syscall-platform');
  const judged: Judged[] = [];
  try {
    const counted = await countPlatformCalls(scratch, seedOf(options.seed, 0));
    const { case: wanted } = options.args;
    const cases = casesOf(options, counted).filter(({ number }) => wanted === undefined || number === Number(wanted));
    await inParallel(cases, availableParallelism(), async (one) => {
      judged.push({ one, result: await runPlatformCase(scratch, one) });
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return report(options, judged);
}

/** A sync of the log, a write, any call, in turn: the short form has one of each. */
function casesOf({ size, seed }: AttackOptions, counted: ReadonlyMap<Call, number>): readonly PlatformCase[] {
  const draw = new Draw(seed);
  const calls = [...counted.keys()].toSorted();
  return Array.from({ length: size === 'full' ? FULL_CASES : SHORT_CASES }, (_, number) => {
    const call = number % 3 === 0 ? 'fdatasync' : number % 3 === 1 ? 'pwrite64' : draw.pick(calls);
    const count = Math.ceil(((counted.get(call) ?? 0) * SURE_PERCENT) / 100);
    const what = number === 0 ? 'EIO' : draw.pick(WHATS);
    const injection: Injection = { call, what, nth: 1 + draw.below(Math.max(1, count)) };
    return { number, seed: seedOf(seed, number), injection };
  });
}

function report({ size, args }: AttackOptions, judged: readonly Judged[]): AttackReport {
  const effective = judged.filter(({ result }) => result.isEffective);
  const count = (is: (one: Judged) => boolean): number => effective.filter(is).length;
  const sum = (of: (result: PlatformResult) => number): number =>
    effective.reduce((total, { result }) => total + of(result), 0);
  return {
    figures: {
      'platform: effective runs': effective.length,
      'platform: refused to start': count(({ result }) => result.refused),
      'platform: ended by itself': count(
        ({ one, result }) => result.ended && !result.refused && one.injection.what !== 'kill',
      ),
      'platform: killed within a call': count(({ one }) => one.injection.what === 'kill'),
      'platform: answered 503': sum(({ unavailable }) => unavailable),
      'platform: records acknowledged': sum(({ acknowledged }) => acknowledged),
    },
    violations: judged.flatMap(({ one, result }) =>
      result.violations.map((line) => `platform, case ${one.number}, ${describeInjection(one.injection)}: ${line}`),
    ),
    missed:
      size === 'full' && args['case'] === undefined && effective.length < FULL_EFFECTIVE
        ? [`platform: ${effective.length} of ${FULL_EFFECTIVE} effective runs`]
        : [],
  };
}

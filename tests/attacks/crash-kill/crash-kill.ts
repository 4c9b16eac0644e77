/**
 * Real processes, really killed (money-and-sync 2.7 B): by SIGKILL at each kill point, by the outside world while one of
 * their calls is under way, and again in the start after that. World and platform live on in this process.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Attack, AttackOptions, AttackReport } from '../attack.ts';
import { bundleProgram } from '../support/bundled-program.ts';
import { Draw, seedOf } from '../support/draw.ts';
import { inParallel } from '../support/run-node.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { runDay, type DayResult } from './day.ts';
import { DOUBTFUL_KILLS, killPlans, unreached } from './kill-plan.ts';

const KILLS_A_DAY = 20;
const FULL_DAYS = 45;
const SHORT_DAYS = 2;
const FULL_KILLS = FULL_DAYS * KILLS_A_DAY;

export const crashKill: Attack = {
  name: 'crash-kill',
  promise:
    'a kiosk killed at any moment, and again while it recovers, settles every charge and every page with the world',
  usage: '[--day N]',
  run,
};

async function run(options: AttackOptions): Promise<AttackReport> {
  const isFull = options.size === 'full';
  const program = bundleProgram('crash-kill/kiosk.main.ts');
  const scratch = scratchDirectory('crash-kill');
  const days: DayResult[] = [];
  const control: DayResult[] = [];
  try {
    await inParallel([...daysOf(options), 'control' as const], availableParallelism(), async (day) => {
      const directory = join(scratch, String(day));
      mkdirSync(directory);
      const common = { seed: options.seed, program, directory };
      if (day === 'control') {
        control.push(await runDay({ ...common, day: 0, kills: DOUBTFUL_KILLS, plant: 'sellsAgain' }));
        return;
      }
      const result = await runDay({
        ...common,
        day,
        kills: [...killPlans(KILLS_A_DAY, day, new Draw(seedOf(options.seed, day)))],
      });
      days.push(result);
      options.say(`day ${day}: ${result.struck.length} kills, ${result.violations.length} violations`);
    });
  } finally {
    program.remove();
    rmSync(scratch, { recursive: true, force: true });
  }
  return report(days, control, isFull && options.args['day'] === undefined);
}

function report(days: readonly DayResult[], control: readonly DayResult[], isFull: boolean): AttackReport {
  const struck = days.flatMap((day) => day.struck);
  const reached: Record<string, number> = {};
  for (const { at, isFlight } of struck) if (!isFlight) reached[at] = (reached[at] ?? 0) + 1;
  const missing = unreached(reached);
  const found = control.reduce((sum, { violations }) => sum + violations.length, 0);
  return {
    figures: {
      'real SIGKILLs': struck.length,
      'at a kill point': struck.filter(({ isFlight }) => !isFlight).length,
      'with a call under way': struck.filter(({ isFlight }) => isFlight).length,
      'in the start after a kill': struck.filter(({ phase }) => phase === 'start').length,
      'different kill points': Object.keys(reached).length,
      'kinds of calls under way': new Set(struck.filter(({ isFlight }) => isFlight).map(({ at }) => at)).size,
      'control, a kiosk that sells again in doubt: violations found': found,
      'operations judged': days.reduce((sum, { operations }) => sum + operations, 0),
    },
    violations: [
      ...days.flatMap(({ violations }) => violations),
      ...(found === 0 ? ['control: a kiosk that sells again in doubt was not noticed'] : []),
    ],
    missed: isFull
      ? [
          ...(struck.length < FULL_KILLS ? [`${struck.length} of ${FULL_KILLS} kills`] : []),
          ...(missing.length > 0 ? [`never killed at ${missing.join(', ')}`] : []),
        ]
      : [],
  };
}

function daysOf({ size, args }: AttackOptions): readonly number[] {
  if (args['day'] !== undefined) return [Number(args['day'])];
  return Array.from({ length: size === 'full' ? FULL_DAYS : SHORT_DAYS }, (_, day) => day);
}

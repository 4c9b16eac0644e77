/** `npm run corrupt`: damaged copies of a terminal with a past. */
import { existsSync, rmSync } from 'node:fs';
import type { Attack, AttackOptions, AttackReport } from '../attack.ts';
import { Draw, seedOf } from '../support/draw.ts';
import { DAMAGES, type Damage } from './damages.ts';
import { Files } from './files.ts';
import { liveHistory, type History } from './history.ts';
import { judge, type Verdict } from './judge.ts';

/** Places are drawn anew in each; one is enough to see every kind of damage. */
const FULL_ROUNDS = 3;
/** The short form takes every third kind; the seed says which. */
const SHORT_EVERY = 3;

export const corrupt: Attack = {
  name: 'corrupt',
  promise: 'every damaged database is noticed, the service comes back, nothing is invented',
  run,
};

async function run({ size, seed, say }: AttackOptions): Promise<AttackReport> {
  const verdicts: Verdict[] = [];
  const rounds = size === 'full' ? FULL_ROUNDS : 1;
  const damages = size === 'full' ? DAMAGES : DAMAGES.filter((_, index) => index % SHORT_EVERY === seed % SHORT_EVERY);
  for (let round = 0; round < rounds; round++) {
    const history = await liveHistory(seedOf(seed, round));
    try {
      for (const [index, damage] of damages.entries()) {
        verdicts.push(await damageAndJudge(history, damage, new Draw(seedOf(seed, round * 1_000 + index))));
      }
    } finally {
      history.rig.dispose();
    }
    say(`round ${round + 1} of ${rounds}: ${verdicts.length} copies`);
  }
  const unnoticed = verdicts.filter(({ noticed }) => noticed === 'never');
  return {
    figures: {
      'kinds of damage': damages.length,
      'damaged copies': verdicts.length,
      noticed: verdicts.length - unnoticed.length,
      'noticed at the start': verdicts.filter(({ noticed }) => noticed === 'start').length,
      'noticed by the night check': verdicts.filter(({ noticed }) => noticed === 'night').length,
    },
    violations: verdicts.flatMap(({ violations }) => violations),
    missed: DAMAGES.length < 40 ? ['40 kinds of damage'] : [],
  };
}

/** `lookAway` makes a check blind, to see that the attack would tell. */
export async function damageAndJudge(
  history: History,
  damage: Damage,
  draw: Draw,
  lookAway?: (files: Files) => void,
): Promise<Verdict> {
  const { rig } = history;
  rig.crash(damage.after === 'end' ? history.ended : history.crashed);
  const copy = rig.directory;
  const files = new Files(copy, draw);
  damage.apply(files, history);
  lookAway?.(files);
  try {
    const verdict = await judge(history, damage);
    if (verdict.noticed !== 'never') return verdict;
    return { ...verdict, violations: [...verdict.violations, `${damage.name}: nobody noticed`] };
  } catch (error) {
    return { noticed: 'never', violations: [`${damage.name}: ${String(error)}`] };
  } finally {
    if (existsSync(copy)) rmSync(copy, { recursive: true });
  }
}

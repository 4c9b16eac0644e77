/**
 * `npm run crash:logic`: the kiosk is killed at each named point of a visit, and again at each named point of the start
 * after it, under every plan of faults; then money, paper, record and platform must agree (money-and-sync 2.7, layer A).
 * Nothing is left to chance here: the seed changes keys and case codes alone.
 */
import { KILL_POINTS } from '../../../engine/ledger/kill-points.ts';
import type { Attack, AttackOptions, AttackReport } from '../attack.ts';
import { shareOut } from '../support/lanes.ts';
import type { Exhausted } from './exhaust.ts';
import type { Piece } from './lane.main.ts';
import { PLANS } from './plans.ts';

const RUNS = 20_000;
const SECONDS = 90;
/** Of the short form: every so-manieth plan, and every so-manieth of its crashes once more. */
const SHORT = { planEvery: 6, againEvery: 5 };

export const crashLogic: Attack = {
  name: 'crash-logic',
  promise:
    'killed anywhere, and killed anywhere again while it recovers, the kiosk loses no yuan and prints no page twice',
  run,
};

async function run({ size, seed, say }: AttackOptions): Promise<AttackReport> {
  const beganAt = process.hrtime.bigint();
  const pieces = piecesOf(size, seed);
  const lane = new URL('lane.main.ts', import.meta.url);
  let runs = 0;
  const all = await shareOut<Piece, Exhausted>(lane, pieces, (answer) => {
    const before = runs;
    runs += answer.runs;
    for (const violation of answer.violations.slice(0, 1)) say(`VIOLATION ${violation}`);
    if (Math.floor(before / 5_000) < Math.floor(runs / 5_000)) say(`${runs} runs`);
  });
  const seconds = Number(process.hrtime.bigint() - beganAt) / 1e9;
  const passed = new Set(all.flatMap(({ points }) => Object.keys(points)));
  const missed: string[] = [];
  if (size === 'full' && runs < RUNS) missed.push(`${runs} runs, not ${RUNS}`);
  if (size === 'full' && seconds > SECONDS) missed.push(`${Math.round(seconds)} s, not ${SECONDS}`);
  return {
    figures: {
      'fault plans': pieces.length,
      'crash runs, depth 2': runs,
      'kill points passed': `${KILL_POINTS.filter((point) => passed.has(point)).length} of ${KILL_POINTS.length}`,
      'runs per second': Math.round(runs / seconds),
    },
    violations: all.flatMap(({ violations }) => violations),
    missed,
  };
}

function piecesOf(size: 'short' | 'full', seed: number): readonly Piece[] {
  const { planEvery, againEvery } = size === 'short' ? SHORT : { planEvery: 1, againEvery: 1 };
  return PLANS.flatMap((_, plan) => (plan % planEvery === 0 ? [{ plan, againEvery, seed }] : []));
}

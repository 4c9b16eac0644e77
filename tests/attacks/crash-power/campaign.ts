/** Some runs of one ledger, one after the other on the same disk, and the judgement of everything that reached it. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Draw, seedOf } from '../support/draw.ts';
import { judge } from './judge.ts';
import type { Life } from './life.ts';
import type { Plant } from './plants.ts';
import { onGround, recordRuns } from './record-runs.ts';
import type { Judgement } from './walk-cuts.ts';

export interface Campaign {
  readonly attacks: 'ledger';
  readonly seed: number;
  readonly recorder: string;
  /** life.main.ts in one file. */
  readonly program: string;
  /** How many residents each run serves; every other run ends in order, the rest by a kill. */
  readonly runs: readonly number[];
  readonly plant: Plant;
  readonly drawn: number;
  readonly reopenEvery: number;
}

const WALL_START_MS = Date.UTC(2026, 0, 5);
/** Past the time for which records are kept, so that a later run has something to prune. */
const BETWEEN_RUNS_MS = 40 * 86_400_000;

export function runCampaign({ program, runs, drawn, reopenEvery, ...campaign }: Campaign): Promise<Judgement> {
  return onGround(async (ground) => {
    const { directory, log, scratch } = ground;
    // the black box lies in a directory of its own, as on another partition
    const path = join(directory, 'data', 'kiosk.sqlite');
    const blackBoxPath = join(directory, 'money', 'black-box.log');
    for (const file of [path, blackBoxPath]) mkdirSync(dirname(file), { recursive: true });
    const { seed, recorder, plant } = campaign;
    const lives = runs.map((residents, index): Life => {
      const ending = index % 2 === 0 ? 'kill' : 'close';
      const wallStartMs = WALL_START_MS + index * BETWEEN_RUNS_MS;
      const files = { directory, path, blackBoxPath, log };
      return { ...files, recorder, plant, seed: seedOf(seed, index), residents, wallStartMs, ending };
    });
    const recorded = { directory, path, blackBoxPath };
    return judge(await recordRuns(ground, { program }, lives), {
      recorded,
      scratch,
      drawn,
      reopenEvery,
      draw: new Draw(seed),
    });
  });
}

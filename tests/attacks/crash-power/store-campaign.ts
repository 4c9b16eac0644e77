/** Some runs of one platform's store, one after the other on the same disk, and the judgement of everything that reached it. */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { seedOf } from '../support/draw.ts';
import { judgeStore } from './judge-store.ts';
import type { Plant } from './plants.ts';
import { onGround, recordRuns } from './record-runs.ts';
import type { StoreLife } from './store-life.ts';
import type { Judgement } from './walk-cuts.ts';

export interface StoreCampaign {
  readonly attacks: 'platform';
  readonly seed: number;
  readonly recorder: string;
  /** How many groups each run stores; every other run ends in order, the rest by a kill. */
  readonly runs: readonly number[];
  readonly writeBack: StoreLife['writeBack'];
  readonly plant: Plant;
  readonly drawn: number;
  readonly writesEvery: number;
  readonly reopenEvery: number;
}

const PROGRAM = 'crash-power/store-life.main.ts';
const PLANT_IN_THREADS = pathToFileURL(resolve(import.meta.dirname, 'plant-in-threads.main.ts')).href;

export function runStoreCampaign({ runs, ...campaign }: StoreCampaign): Promise<Judgement> {
  return onGround(async (ground) => {
    const { directory, log, scratch } = ground;
    const path = join(directory, 'platform.sqlite');
    const { seed, recorder, writeBack, plant, drawn, writesEvery, reopenEvery } = campaign;
    const chains = seedOf(seed, runs.length);
    const lives = runs.map((groups, index): StoreLife => {
      const ending = index % 2 === 0 ? 'kill' : 'close';
      const recorded = { directory, log, recorder, plant, path, writeBack };
      return { ...recorded, chains, seed: seedOf(seed, index), groups, ending };
    });
    // threads are handed what their process was started with
    const env = plant === 'none' ? {} : { NODE_OPTIONS: `--import=${PLANT_IN_THREADS}`, PLANT: plant };
    const options = { recorded: { directory, path }, scratch, drawn, writesEvery, reopenEvery, chains, seed };
    return judgeStore(await recordRuns(ground, { program: PROGRAM, env }, lives), options);
  });
}

/** Some runs of one ledger, one after the other on the same disk, and the judgement of everything that reached it. */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Draw, seedOf } from '../support/draw.ts';
import { runNode } from '../support/run-node.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { judge, type Judgement } from './judge.ts';
import type { Life, LifePaths } from './life.ts';
import type { Plant } from './plants.ts';
import { readRecordingLog } from './recording-log.ts';

export interface Campaign {
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

export async function runCampaign(campaign: Campaign): Promise<Judgement> {
  const scratch = scratchDirectory('crash-power');
  try {
    const log = join(scratch, 'log');
    const disk = pathsIn(join(scratch, 'disk'));
    for (const path of [disk.path, disk.blackBoxPath]) mkdirSync(dirname(path), { recursive: true });
    for (const index of campaign.runs.keys()) await live(campaign, disk, log, index);
    const { drawn, reopenEvery } = campaign;
    const options = { recorded: disk, scratch: join(scratch, 'image'), drawn, reopenEvery };
    return judge(readRecordingLog(log), { ...options, draw: new Draw(campaign.seed) });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function live({ seed, recorder, program, runs, plant }: Campaign, disk: LifePaths, log: string, index: number) {
  const life: Life = {
    ...disk,
    log,
    recorder,
    plant,
    seed: seedOf(seed, index),
    residents: runs[index] ?? 0,
    wallStartMs: WALL_START_MS + index * BETWEEN_RUNS_MS,
    ending: index % 2 === 0 ? 'kill' : 'close',
  };
  const { signal, stderr } = await runNode(program, life, { env: { RECORDING_LOG: log } });
  if (signal !== 'SIGKILL') throw new Error(`run ${index} of seed ${seed} broke off: ${stderr}`);
}

/** The black box lies in a directory of its own, as on another partition. */
function pathsIn(directory: string): LifePaths {
  return {
    directory,
    path: join(directory, 'data', 'kiosk.sqlite'),
    blackBoxPath: join(directory, 'money', 'black-box.log'),
  };
}

/** Goal 3: the whole life of one event, written by itself, sent with others, acknowledged; and what it costs in syncs. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compared, type Figure } from '../report.ts';
import { rounded } from '../stats.ts';
import { committer, openBenchLedger, sendOnce, stepsOf } from './bench-ledger.ts';
import { openPlainjob } from './plainjob-peer.ts';
import { rate, rateRatio, runRounds } from './rounds.ts';

/** Sent together: what gathers in the five seconds between two looks of the uplink is not more. */
const BATCH = 64;
const WARM_UP = 24;
const ROUNDS = { rounds: 40, inRound: 1 };
const TRACED_BATCHES = 10;

export async function measureLife(directory: string): Promise<readonly Figure[]> {
  const ledger = openBenchLedger(join(directory, 'life.db'));
  const plainjob = await openPlainjob(join(directory, 'life-plainjob.db'), stepsOf(ledger)().event);
  const acts = {
    ours: lifeOf(ledger),
    plainjob() {
      for (let n = 0; n < BATCH; n++) plainjob.add();
      for (let n = 0; n < BATCH; n++) plainjob.deliverOne();
    },
  };
  for (let n = 0; n < WARM_UP; n++) for (const act of Object.values(acts)) act();
  const rounds = runRounds(acts, ROUNDS);
  plainjob.close();
  ledger.close();
  const syncs = countSyncs(directory);
  return [
    compared({
      ...{
        name: 'whole life of an event, rate',
        ours: rate(rounds, 'ours', BATCH),
        floor: rate(rounds, 'plainjob', BATCH),
      },
      ...{ ratio: rateRatio(rounds, 'ours', 'plainjob'), aim: '>= 2.5' },
    }),
    ...(syncs === undefined
      ? [{ name: 'syncs an event', ours: 'not counted: no strace' }]
      : [compared({ name: 'syncs an event', ours: String(rounded(syncs)), ratio: syncs, aim: '<= 1.1' })]),
  ];
}

/** For `life.entry.ts`, which is counted from outside. */
export function lifeOf(ledger: ReturnType<typeof openBenchLedger>): () => void {
  const commit = committer(ledger);
  return () => {
    for (let n = 0; n < BATCH; n++) commit();
    sendOnce(ledger, BATCH);
  };
}

/** By strace, of a run less one that only opens and closes; undefined without it. */
function countSyncs(directory: string): number | undefined {
  const traced = (batches: number): number | undefined => {
    const data = join(directory, `traced-${batches}`);
    mkdirSync(data);
    const entry = join(import.meta.dirname, 'life.entry.ts');
    const calls = ['-f', '-qq', '-e', 'trace=fsync,fdatasync', '-e', 'signal=none'];
    const run = spawnSync('strace', [...calls, process.execPath, entry, data, String(batches)], { encoding: 'utf8' });
    if (run.error ?? run.status !== 0) return undefined;
    return run.stderr.split('\n').filter((line) => /\bf(?:data)?sync\(/.test(line)).length;
  };
  const [idle, busy] = [traced(0), traced(TRACED_BATCHES)];
  return idle === undefined || busy === undefined ? undefined : (busy - idle) / (TRACED_BATCHES * BATCH);
}

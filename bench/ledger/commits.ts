/** Goal 1 of performance.md 8: one durable enqueue, warm, against the disk's floor; a durable plainjob beside it. */
import { join } from 'node:path';
import { compared, type Figure } from '../report.ts';
import { rounded } from '../stats.ts';
import { committer, openBenchLedger, stepsOf } from './bench-ledger.ts';
import { openDiskProbe } from './disk-probe.ts';
import { openPlainjob } from './plainjob-peer.ts';
import { medianRatio, rate, rateRatio, runRounds, spread } from './rounds.ts';

/** Until the write-ahead logs have their full length and are written over. */
const WARM_UP = 1_500;
const ROUNDS = { rounds: 60, inRound: 24 };
const AIM = '>= 0.75';

export async function measureCommits(directory: string): Promise<readonly Figure[]> {
  const disk = openDiskProbe(join(directory, 'probe'));
  const ledger = openBenchLedger(join(directory, 'ledger.db'));
  const plainjob = await openPlainjob(join(directory, 'plainjob.db'), stepsOf(ledger)().event);
  const acts = { commit: committer(ledger), sync: disk.sync, plainjob: plainjob.add };
  for (let n = 0; n < WARM_UP; n++) for (const act of Object.values(acts)) act();
  const rounds = runRounds(acts, ROUNDS);
  plainjob.close();
  ledger.close();
  disk.close();
  return [
    compared({
      ...{ name: 'ledger commit, rate', ours: rate(rounds, 'commit'), floor: rate(rounds, 'sync') },
      ...{ ratio: rateRatio(rounds, 'commit', 'sync'), aim: AIM },
    }),
    {
      ...{ name: 'ledger commit, p50 / p99', ours: spread(rounds, 'commit'), floor: spread(rounds, 'sync') },
      ratio: rounded(medianRatio(rounds, 'commit', 'sync')),
    },
    {
      ...{ name: 'plainjob forced FULL, rate', ours: rate(rounds, 'plainjob'), floor: rate(rounds, 'sync') },
      ratio: rounded(rateRatio(rounds, 'plainjob', 'sync')),
    },
  ];
}

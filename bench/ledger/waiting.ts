/** Goal 2: 64 callers that each wait for their own entry to be durable, and how long they hold the calling thread. */
import { join } from 'node:path';
import { compared, type Figure } from '../report.ts';
import { median, quantile, rounded, shuffled } from '../stats.ts';
import { openBenchLedger, stepsOf } from './bench-ledger.ts';
import { openDiskProbe } from './disk-probe.ts';
import { openPlainjob } from './plainjob-peer.ts';

const CALLERS = 64;
const EACH = 8;
const ROUNDS = 40;
const WARM_UP_ROUNDS = 12;

export async function measureWaiting(directory: string): Promise<readonly Figure[]> {
  const disk = openDiskProbe(join(directory, 'waiting-probe'));
  const ledger = openBenchLedger(join(directory, 'waiting.db'));
  const plainjob = await openPlainjob(join(directory, 'waiting-plainjob.db'), stepsOf(ledger)().event);
  const stallsMs: number[] = [];
  const acts = {
    ours: () => callersOf(ledger, stallsMs),
    sync: () => repeat(CALLERS, disk.sync),
    plainjob: () => repeat(EACH, () => plainjob.addMany(CALLERS)),
  };
  const rounds: Record<keyof typeof acts, number>[] = [];
  for (let n = 0; n < ROUNDS + WARM_UP_ROUNDS; n++) {
    const times = { ours: 0, sync: 0, plainjob: 0 };
    for (const name of shuffled(Object.keys(acts) as (keyof typeof acts)[])) {
      const before = performance.now();
      await acts[name]();
      times[name] = performance.now() - before;
    }
    if (n === WARM_UP_ROUNDS - 1) stallsMs.length = 0;
    if (n >= WARM_UP_ROUNDS) rounds.push(times);
  }
  plainjob.close();
  ledger.close();
  disk.close();
  const perSync = (name: 'ours' | 'plainjob') =>
    median(rounds.map((times) => times.sync / CALLERS / (times[name] / CALLERS / EACH)));
  const perSecond = (ms: number, count: number) => `${rounded((count / ms) * 1_000, 0)}/s`;
  const rateOf = (name: 'ours' | 'plainjob') => perSecond(median(rounds.map((times) => times[name])), CALLERS * EACH);
  const floor = perSecond(median(rounds.map(({ sync }) => sync)), CALLERS);
  const worstMs = Math.max(...stallsMs);
  return [
    compared({ name: '64 waiting, rate', ours: rateOf('ours'), floor, ratio: perSync('ours'), aim: '>= 8' }),
    { name: 'plainjob addMany(64) FULL', ours: rateOf('plainjob'), floor, ratio: rounded(perSync('plainjob'), 1) },
    { name: '64 waiting, stall p99', ours: `${rounded(quantile(stallsMs, 0.99), 1)} ms` },
    compared({
      ...{ name: '64 waiting, worst stall, ms', ours: `${rounded(worstMs, 1)} ms` },
      ...{ ratio: worstMs, aim: '<= 5' },
    }),
  ];
}

/** Each writes the next entry as soon as its last one is durable. Beside them a watch that notes how late its turns come. */
async function callersOf(ledger: ReturnType<typeof openBenchLedger>, stallsMs: number[]): Promise<void> {
  let isRunning = true;
  let last = performance.now();
  const watch = (): void => {
    // a turn that comes after the last entry was held up by whatever is measured next
    if (!isRunning) return;
    const now = performance.now();
    stallsMs.push(now - last);
    last = now;
    setImmediate(watch);
  };
  setImmediate(watch);
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      const next = stepsOf(ledger);
      for (let n = 0; n < EACH; n++) {
        const { txn, entry, event } = next();
        const written = await ledger.appendSoon(txn, entry, [event]);
        if (!written.ok) throw new Error(`refused: ${written.problem.code}`);
      }
    }),
  );
  isRunning = false;
}

function repeat(count: number, act: () => void): Promise<void> {
  for (let n = 0; n < count; n++) act();
  return Promise.resolve();
}

/** Goal 4: what a million rows, of which the first hundred thousand unsent ones stand in front, do to a write and to a send. */
import { join } from 'node:path';
import { systemClock } from '../../contract/clock.system.ts';
import { createJournal } from '../../engine/ledger/journal.ts';
import { openStore } from '../../engine/ledger/store.ts';
import { compared, type Figure } from '../report.ts';
import { median, rounded, shuffled } from '../stats.ts';
import { committer, openBenchLedger, sendOnce, stepsOf } from './bench-ledger.ts';

const SMALL = 1_000;
const LARGE = 1_000_000;
const UNSENT = 100_000;
const FILL_CHUNK = 20_000;
const ROUNDS = 40;
const WRITES = 64;
/** No more than the writes of a round bring, so that the small ledger stays small. */
const SENDS = 1;
const SENT = 64;
const WARM_UP = 1_500;
const AIM = '<= 1.2';

type Name = 'small' | 'large';

export function measureGrowth(directory: string): readonly Figure[] {
  const ledgers = {
    small: grown(join(directory, 'small.db'), SMALL, SMALL),
    large: grown(join(directory, 'large.db'), LARGE, UNSENT),
  };
  const acts = {
    small: { write: committer(ledgers.small), send: () => sendOnce(ledgers.small, SENT) },
    large: { write: committer(ledgers.large), send: () => sendOnce(ledgers.large, SENT) },
  };
  const costs = { write: [] as Record<Name, Cost>[], send: [] as Record<Name, Cost>[] };
  for (let n = 0; n < WARM_UP; n++) for (const { write } of Object.values(acts)) write();
  for (let n = 0; n < ROUNDS; n++) {
    for (const [kind, count] of [
      ['write', WRITES],
      ['send', SENDS],
    ] as const) {
      const round = {} as Record<Name, Cost>;
      for (const name of shuffled(['small', 'large'] as const)) round[name] = costOf(acts[name][kind], count);
      costs[kind].push(round);
    }
  }
  ledgers.small.close();
  ledgers.large.close();
  return (['write', 'send'] as const).map((kind) => figureOf(kind, costs[kind]));
}

interface Cost {
  readonly wallUs: number;
  readonly cpuUs: number;
}

/** The middle of the acts by the clock, and what they cost the processor in all. */
function costOf(act: () => void, count: number): Cost {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let n = 0; n < count; n++) {
    const start = performance.now();
    act();
    times.push((performance.now() - start) * 1_000);
  }
  const { user, system } = process.cpuUsage(before);
  return { wallUs: median(times), cpuUs: (user + system) / count };
}

function figureOf(kind: 'write' | 'send', rounds: readonly Record<Name, Cost>[]): Figure {
  const shown = (name: Name) =>
    `${rounded(median(rounds.map((round) => round[name].wallUs)), 0)} µs, CPU ${rounded(median(rounds.map((round) => round[name].cpuUs)), 0)} µs`;
  const ratio = median(rounds.map(({ small, large }) => large.wallUs / small.wallUs));
  const what = kind === 'write' ? 'a commit' : `take ${SENT} and acknowledge`;
  const name = `${what}: 1,000,000 rows, 100,000 unsent`;
  return compared({ name, ours: shown('large'), floor: shown('small'), ratio, aim: AIM });
}

/** A ledger of so many rows, of which the last ones are unsent. Filled by large commits: how it came about is not measured. */
function grown(path: string, rows: number, unsent: number): ReturnType<typeof openBenchLedger> {
  openBenchLedger(path).close();
  const store = openStore({ path });
  if (!store.ok) throw new Error(store.problem.code);
  const journal = createJournal(store.value, systemClock, 'filling');
  const source = openBenchLedger(`${path}.source`);
  const next = stepsOf(source);
  for (let written = 0; written < rows; written += FILL_CHUNK) {
    const filled = store.value.commit(() => {
      for (let n = written; n < Math.min(rows, written + FILL_CHUNK); n++) {
        journal.add({ stream: 'ledger', events: [next().event] });
      }
    });
    if (!filled.ok) throw new Error(filled.problem.code);
  }
  store.value.db.prepare(`UPDATE stream SET acked = ? WHERE name = 'ledger'`).run(rows - unsent);
  store.value.close();
  source.close();
  return openBenchLedger(path);
}

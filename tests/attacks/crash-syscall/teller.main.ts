/**
 * A ledger at work in a process whose system calls fail: says each commit that it reports as done or refuses, by hand and
 * at once. Argument: a `Teller`.
 */
import { writeSync } from 'node:fs';
import { openLedger } from '../../../engine/ledger/ledger.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { tellingLedger } from '../support/acknowledged.ts';
import { Draw } from '../support/draw.ts';
import { serveResidents } from '../support/serve-residents.ts';
import type { Heard, Teller } from './teller.ts';

const teller = JSON.parse(process.argv[2] ?? '{}') as Teller;
const say = (heard: Heard): void => void writeSync(1, `${JSON.stringify(heard)}\n`);

const clock = new SimulatedClock(teller.wallStartMs);
const draw = new Draw(teller.seed);
const opened = openLedger({ path: teller.path, blackBoxPath: teller.blackBoxPath, clock, chance: draw });
if (opened.ok) {
  say({ is: 'open' });
  const ledger = tellingLedger(
    opened.value,
    ({ call, txn }) => say({ is: 'done', call, head: opened.value.outbox.head().written, ...(txn && { txn }) }),
    ({ call, problem }) => say({ is: 'refused', call, code: problem.code }),
  );
  await serveResidents({ ledger, clock, draw, residents: teller.residents });
  if (teller.closes) opened.value.close();
  say({ is: 'through' });
} else {
  say({ is: 'refused', call: 'open', code: opened.problem.code });
}
// not closed by anybody: what a process leaves that simply ends
process.kill(process.pid, 'SIGKILL');

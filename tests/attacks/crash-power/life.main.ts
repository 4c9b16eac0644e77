/**
 * One run of the real ledger with its disk recorded: opened, worked on by residents, and ended by a kill or in order.
 * Everything it reports as done is marked in the log. Argument: a `Life` as JSON.
 */
import { openLedger } from '../../../engine/ledger/ledger.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { tellingLedger } from '../support/acknowledged.ts';
import { Draw } from '../support/draw.ts';
import { serveResidents } from '../support/serve-residents.ts';
import type { Life } from './life.ts';
import { recordProcess } from './record-process.ts';

const life = JSON.parse(process.argv[2] ?? '{}') as Life;
const { mark, kill } = recordProcess(life);

const clock = new SimulatedClock(life.wallStartMs);
const draw = new Draw(life.seed);
const opened = openLedger({ path: life.path, blackBoxPath: life.blackBoxPath, clock, chance: draw });
if (!opened.ok) throw new Error(`the ledger does not open: ${JSON.stringify(opened.problem)}`);
mark({ call: 'open' });
await serveResidents({ ledger: tellingLedger(opened.value, mark), clock, draw, residents: life.residents });
if (life.ending === 'close') opened.value.close();
kill();

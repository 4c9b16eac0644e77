/**
 * One run of the real ledger with its disk recorded: opened, worked on by residents, and ended by a kill or in order.
 * Everything it reports as done is marked in the log. Argument: a `Life` as JSON.
 */
import Database from 'better-sqlite3';
import { openLedger } from '../../../engine/ledger/ledger.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { tellingLedger } from '../support/acknowledged.ts';
import { Draw } from '../support/draw.ts';
import { serveResidents } from '../support/serve-residents.ts';
import type { Life } from './life.ts';
import { plant } from './plants.ts';
import { recordNodeFiles } from './record-node-files.ts';
import { RecordingLog } from './recording-log.ts';

const life = JSON.parse(process.argv[2] ?? '{}') as Life;
const log = new RecordingLog(life.log);
// the first connection of the process makes the recorder the default of all that follow
new Database(':memory:').loadExtension(life.recorder);
recordNodeFiles(life.directory, log);
plant(life.plant);

const clock = new SimulatedClock(life.wallStartMs);
const draw = new Draw(life.seed);
const opened = openLedger({ path: life.path, blackBoxPath: life.blackBoxPath, clock, chance: draw });
if (!opened.ok) throw new Error(`the ledger does not open: ${JSON.stringify(opened.problem)}`);
const mark = (said: object): void => log.note('mark', '', 0, Buffer.from(JSON.stringify(said)));
mark({ call: 'open' });
await serveResidents({ ledger: tellingLedger(opened.value, mark), clock, draw, residents: life.residents });
if (life.ending === 'close') opened.value.close();
process.kill(process.pid, 'SIGKILL');

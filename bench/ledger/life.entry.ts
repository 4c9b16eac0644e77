/** `node life.entry.ts <directory> <batches>`: the life of so many batches, for whoever counts the syncs from outside. */
import { join } from 'node:path';
import { openBenchLedger } from './bench-ledger.ts';
import { lifeOf } from './life.ts';

const [directory = '.', batches = '0'] = process.argv.slice(2);
const ledger = openBenchLedger(join(directory, 'life.db'));
const live = lifeOf(ledger);
for (let n = 0; n < Number(batches); n++) live();
ledger.close();

/** A slice of `crash-logic`, in this process: ends with `EXIT.caught` at the first violation. */
import { exhaust } from '../crash-logic/exhaust.ts';
import { PLANS } from '../crash-logic/plans.ts';
import { Bench } from '../crash-logic/stage.ts';
import { EXIT } from './mutant.types.ts';

const [againEvery = '1', ...beginnings] = process.argv.slice(2);
const chosen = PLANS.filter(({ name }) => beginnings.some((beginning) => name.startsWith(beginning)));
if (chosen.length === 0) throw new Error(`no plan begins with ${beginnings.join(' or ')}`);

const bench = new Bench();
process.on('exit', () => bench.dispose());
for (const plan of chosen) {
  const { violations } = await exhaust(bench, plan, { againEvery: Number(againEvery), seed: 1 });
  if (violations.length === 0) continue;
  process.stdout.write(`${violations[0]}\n`);
  process.exit(EXIT.caught);
}

/** One life of `sim`, in this process: ends with `EXIT.caught` when anything does not agree. */
import { live } from '../sim/kiosk-life.ts';
import { EXIT } from './mutant.types.ts';

const [seed, kiosk, days] = process.argv.slice(2).map(Number);
if (seed === undefined || kiosk === undefined || days === undefined) throw new Error('seed, kiosk and days');
const { violations } = await live({ seed, kiosk, days });
if (violations.length > 0) {
  process.stdout.write(`${violations[0]}\n`);
  process.exit(EXIT.caught);
}

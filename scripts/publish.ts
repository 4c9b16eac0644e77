/**
 * `npm run publish -- CHANNEL FILE --key KEY`: puts a document for the kiosks out, after it was checked as they check it. Also
 * takes a version back, lets a key sign, and lets a release go on; see docs/operations/platform.md.
 */
import { systemChance, systemClock } from '../contract/clock.system.ts';
import { publish } from './publish/publish.ts';

process.exitCode = await publish(process.argv.slice(2), {
  clock: systemClock,
  chance: systemChance,
  fetch: globalThis.fetch,
  say: (line) => process.stdout.write(`${line}\n`),
});

/**
 * `npm run courier -- export FILE`, `import FILE RECEIPT --platform URL`, and `confirm RECEIPT`: what a terminal could not send
 * for days, carried by hand (needs M11). The kiosk must be stopped meanwhile: its database has one user.
 */
import { systemChance, systemClock } from '../contract/clock.system.ts';
import { courier } from './courier/courier.ts';

process.exitCode = await courier(process.argv.slice(2), {
  clock: systemClock,
  chance: systemChance,
  fetch: globalThis.fetch,
  say: (line) => process.stdout.write(`${line}\n`),
});

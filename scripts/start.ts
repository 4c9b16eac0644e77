/** `npm start`. */
import { resolve } from 'node:path';
import { findElectronHere } from './start/electron.ts';
import { start } from './start/main.ts';
import { stopSignal } from './start/stop-signal.ts';

const root = resolve(import.meta.dirname, '..');
process.exit(
  await start({
    root,
    argv: process.argv.slice(2),
    electron: findElectronHere(process.env),
    stop: stopSignal(),
    say: (line) => console.log(line),
  }),
);

/** `npm start` of another folder: `node start-here.ts ROOT ...args`. */
import { start } from '../../../scripts/start/main.ts';
import { stopSignal } from '../../../scripts/start/stop-signal.ts';

const [, , root = '', ...argv] = process.argv;
process.exit(await start({ root, argv, electron: undefined, stop: stopSignal(), say: (line) => console.log(line) }));

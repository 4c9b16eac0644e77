/** In the place of the thread that writes the log back: one whose disk fails twice, works, fails once, and works. */
import { parentPort } from 'node:worker_threads';
import type { WriteBackAnswer, WriteBackQuestion } from '../database/write-back.system.ts';

const FAILS = [true, true, false, true];
const port = parentPort;
if (!port) throw new Error('to be started as a thread');

port.on('message', (question: WriteBackQuestion) => {
  if (question === 'close') port.close();
  else port.postMessage(answer());
});

function answer(): WriteBackAnswer {
  if (FAILS.shift()) return { kind: 'fault', message: 'database or disk is full' };
  return { kind: 'pages', log: 0, done: 0, isHeld: false };
}

/** Started before the program of every thread, by `--import`: a planted bug that reaches into threads, named by PLANT. */
import { isMainThread } from 'node:worker_threads';
import { plant, type Plant } from './plants.ts';

// the process itself plants after its recorder is in place
if (!isMainThread) plant(process.env['PLANT'] as Plant);

/** A worker's share of the requests, told by the parent. */
import { parentPort, workerData } from 'node:worker_threads';
import { fuzzPlatform, type FuzzShare } from './fuzz-run.ts';

parentPort?.postMessage(await fuzzPlatform(workerData as FuzzShare));

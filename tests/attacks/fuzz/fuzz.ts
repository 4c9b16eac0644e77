/** R10: any number of requests, good and bad, and the platform neither falls over nor writes what it refuses. */
import { Worker } from 'node:worker_threads';
import type { Attack } from '../attack.ts';
import type { FuzzOutcome, FuzzShare } from './fuzz-run.ts';

const FULL_REQUESTS = 100_000;
const SHORT_REQUESTS = 3_000;
const WORKERS = 2;
/** Below it the generator has lost its way: a fuzzer whose requests are all refused proves nothing. */
const ACCEPTED_AT_LEAST = 0.5;

export const fuzz: Attack = {
  name: 'fuzz',
  promise: 'no request makes the platform fail, and what it refuses changes nothing',
  usage: '[--requests N]',
  async run({ size, seed, args, say }) {
    const wanted = Number(args['requests'] ?? (size === 'full' ? FULL_REQUESTS : SHORT_REQUESTS));
    const began = performance.now();
    const shares = Array.from({ length: WORKERS }, (_, index) => ({
      seed: seed * WORKERS + index,
      requests: Math.ceil(wanted / WORKERS),
    }));
    const outcomes = await Promise.all(shares.map(inWorker));
    const sum = (of: (outcome: FuzzOutcome) => number): number => outcomes.reduce((all, one) => all + of(one), 0);
    const requests = sum((one) => one.requests);
    const share = sum((one) => one.accepted) / requests;
    for (const [answer, count] of Object.entries(answersOf(outcomes))) say(`  ${answer.padEnd(30)} ${count}`);
    return {
      figures: {
        requests,
        'accepted, %': Math.round(share * 1_000) / 10,
        'refusals that wrote nothing': sum((one) => one.refusals),
        'kinds of answers': Object.keys(answersOf(outcomes)).length,
        'platforms begun': sum((one) => one.runs),
        'requests per second': Math.round((requests * 1_000) / (performance.now() - began)),
      },
      violations: outcomes.flatMap((one) => one.violations),
      missed: [
        ...(requests < wanted ? [`${requests} of ${wanted} requests`] : []),
        ...(share < ACCEPTED_AT_LEAST ? [`only ${Math.round(share * 100)} % were accepted`] : []),
      ],
    };
  },
};

function answersOf(outcomes: readonly FuzzOutcome[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { answers } of outcomes)
    for (const [answer, count] of Object.entries(answers)) sums[answer] = (sums[answer] ?? 0) + count;
  return sums;
}

function inWorker(share: FuzzShare): Promise<FuzzOutcome> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./fuzz-worker.main.ts', import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

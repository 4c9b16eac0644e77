/** The ledger against the disk's floor and a durable plainjob: goals 1 to 4 of performance.md 8, in one run. */
import type { Figure } from '../report.ts';
import { measureCommits } from './commits.ts';
import { measureGrowth } from './growth.ts';
import { measureLife } from './life.ts';
import { measureWaiting } from './waiting.ts';

export async function measureLedger(directory: string): Promise<readonly Figure[]> {
  return [
    ...(await measureCommits(directory)),
    ...(await measureWaiting(directory)),
    ...(await measureLife(directory)),
    ...measureGrowth(directory),
  ];
}

/** A storing thread that falls over at each group that holds the terminal `falls`, as a bug in it would make it. */
import { parentPort } from 'node:worker_threads';
import type { StoreMessage } from '../ingest/store-thread.system.ts';

parentPort?.on('message', ({ batches }: StoreMessage) => {
  if (batches.some(({ terminal }) => terminal === 'falls')) process.exit(9);
});
await import('../ingest/store-thread.main.ts');

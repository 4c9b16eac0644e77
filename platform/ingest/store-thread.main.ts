/** The thread in which groups of batches are stored; `store-thread.system.ts` starts it, and says what is said between the two. */
import { parentPort, workerData } from 'node:worker_threads';
import { openStoringFile } from '../database/open-database.ts';
import { createGroupStore } from './group-store.ts';
import type { SentBatch } from './ingest.types.ts';
import type { StoreAnswer, StoreMessage, StoreThreadData } from './store-thread.system.ts';

const port = parentPort;
if (!port) throw new Error('to be started as a thread');
const { path } = workerData as StoreThreadData;
const database = await openStoringFile(path);
const groups = createGroupStore(database);
const say = (answer: StoreAnswer): void => port.postMessage(answer);

/** One group after the other; neither of the two rejects. */
let last = Promise.resolve();
port.on('message', (message: StoreMessage) => {
  last = last.then(() => (message.batches.length === 0 ? end() : store(message)));
});
say({ kind: 'ready' });

async function store(message: StoreMessage): Promise<void> {
  try {
    say({ kind: 'outcomes', outcomes: await groups.store(groupOf(message), sayWritten) });
  } catch (error) {
    say(faultOf(error));
  }
}

function sayWritten(): void {
  say({ kind: 'written' });
}

async function end(): Promise<void> {
  await database.destroy();
  port?.close();
}

function groupOf({ batches, bytes }: StoreMessage): readonly SentBatch[] {
  let next = 0;
  return batches.map(({ length, ...head }) => {
    next += length;
    return { ...head, body: bytes.subarray(next - length, next) };
  });
}

function faultOf(error: unknown): StoreAnswer {
  if (!(error instanceof Error)) return { kind: 'fault', message: String(error), stack: '' };
  const { message, stack = '' } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { kind: 'fault', message, stack, ...(code !== undefined && { code }) };
}

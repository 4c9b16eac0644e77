/**
 * Stores groups in a thread of its own, beside the one that serves: reading, checking, deciding and the sync of the disk are
 * most of what a batch costs. A group goes over in one message and comes back in one; a message a statement would wake both
 * threads at each. Both hold the same SQLite file open, and never write at the same time: whoever stores has
 * this thread's one connection, too.
 */
import { Worker } from 'node:worker_threads';
import { CompiledQuery } from 'kysely';
import type { PlatformDatabase } from '../database/tables.ts';
import type { GroupStore, Outcome, SentBatch } from './ingest.types.ts';

export interface StoreThreadData {
  /** An SQLite file whose tables are up to date. */
  readonly path: string;
}

/** Bodies lie in `bytes` one behind the other. Without batches: close. */
export interface StoreMessage {
  readonly batches: readonly (Omit<SentBatch, 'body'> & { readonly length: number })[];
  readonly bytes: Uint8Array;
}

export type StoreAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'outcomes'; readonly outcomes: readonly Outcome[] }
  /** An error keeps no code on its way between threads. */
  | { readonly kind: 'fault'; readonly message: string; readonly stack: string; readonly code?: string };

/** Of the serving thread: after each group SQLite forgets what it had read here, because another connection wrote. */
const CACHE_KB = 8 * 1024;

const PROGRAM = new URL('./store-thread.main.ts', import.meta.url);

/**
 * `database`: this thread's own of the file at `path`. Rejects when that cannot be opened a second time. A thread that a bug
 * has ended is started again for the next group; what it was doing is stored whole or not at all, and told again either way.
 */
export async function openStoreThread(
  database: PlatformDatabase,
  path: string,
  program: URL = PROGRAM,
): Promise<GroupStore> {
  let isClosed = false;
  let thread = await StoreThread.start(program, path);
  await database.executeQuery(CompiledQuery.raw(`PRAGMA cache_size = -${CACHE_KB}`));

  /** One at a time, because it holds the connection. */
  async function storeAlone(group: readonly SentBatch[]): Promise<readonly Outcome[]> {
    if (isClosed) throw new Error('the store was closed');
    if (thread.isGone) thread = await StoreThread.start(program, path);
    const answer = await thread.ask(messageOf(group));
    if (answer.kind === 'outcomes') return answer.outcomes;
    throw answer.kind === 'fault' ? errorOf(answer) : new Error(`the storing thread answered ${answer.kind}`);
  }

  return {
    store: (group) => database.connection().execute(() => storeAlone(group)),
    close: () =>
      database.connection().execute(async () => {
        isClosed = true;
        await thread.end();
      }),
  };
}

class StoreThread {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #waiting: PromiseWithResolvers<StoreAnswer> | undefined;
  isGone = false;

  static async start(program: URL, path: string): Promise<StoreThread> {
    const thread = new StoreThread(program, path);
    await thread.#next();
    return thread;
  }

  private constructor(program: URL, path: string) {
    const workerData: StoreThreadData = { path };
    this.#worker = new Worker(program, { workerData });
    this.#worker.on('message', (answer: StoreAnswer) => this.#waiting?.resolve(answer));
    this.#worker.on('error', (error) => this.#lose(error));
    const ended = Promise.withResolvers<void>();
    this.#ended = ended.promise;
    this.#worker.once('exit', (code) => {
      this.#lose(new Error(`the storing thread ended with ${code}`));
      ended.resolve();
    });
  }

  ask(message: StoreMessage): Promise<StoreAnswer> {
    const answer = this.#next();
    this.#worker.postMessage(message, [message.bytes.buffer as ArrayBuffer]);
    return answer;
  }

  async end(): Promise<void> {
    if (!this.isGone) this.#worker.postMessage(messageOf([]));
    await this.#ended;
  }

  #next(): Promise<StoreAnswer> {
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  #lose(error: unknown): void {
    this.isGone = true;
    this.#waiting?.reject(error);
  }
}

function messageOf(group: readonly SentBatch[]): StoreMessage {
  const bytes = new Uint8Array(group.reduce((total, { body }) => total + body.length, 0));
  let end = 0;
  const batches = group.map(({ body, ...head }) => {
    bytes.set(body, end);
    end += body.length;
    return { ...head, length: body.length };
  });
  return { batches, bytes };
}

function errorOf({ message, stack, code }: Extract<StoreAnswer, { kind: 'fault' }>): Error {
  return Object.assign(new Error(message), { stack, ...(code !== undefined && { code }) });
}

/**
 * Stores groups in a thread of its own, beside the one that serves: reading, checking, deciding and the sync of the disk are
 * most of what a batch costs. A group goes over in one message and comes back in one; a message a statement would wake both
 * threads at each. The next group goes over while the one before it is committed, so that the thread never waits for one.
 * It has the file open for itself, and writes while this side holds the lock of those who write.
 */
import { Worker } from 'node:worker_threads';
import { createSharedTurn, type WriteLock } from '../database/write-lock.ts';
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
  /** Of the group that is answered next, only the commit is left. */
  | { readonly kind: 'written' }
  | { readonly kind: 'outcomes'; readonly outcomes: readonly Outcome[] }
  /** An error keeps no code on its way between threads. */
  | { readonly kind: 'fault'; readonly message: string; readonly stack: string; readonly code?: string };

const PROGRAM = new URL('./store-thread.main.ts', import.meta.url);

/**
 * `path`: a file whose tables are up to date, written to by nobody who has not the lock. Rejects when it cannot be opened
 * there. A thread that a bug has ended is started again for the next group, and for one that waited behind the bug; what it was
 * doing is stored whole or not at all, and told again either way.
 */
export async function openStoreThread(path: string, lock: WriteLock, program: URL = PROGRAM): Promise<GroupStore> {
  let isClosed = false;
  let thread = new StoreThread(program, path);
  await thread.ready();
  const turn = createSharedTurn(lock);

  async function storeInTurn(group: readonly SentBatch[], onWritten?: () => void): Promise<readonly Outcome[]> {
    if (isClosed) throw new Error('the store was closed');
    if (thread.isGone) thread = new StoreThread(program, path);
    const answer = await thread.ask(messageOf(group), onWritten);
    if (answer.kind === 'outcomes') return answer.outcomes;
    if (answer.kind === 'notBegun') return storeInTurn(group, onWritten);
    throw answer.kind === 'fault' ? errorOf(answer) : new Error(`the storing thread answered ${answer.kind}`);
  }

  return {
    async store(group, onWritten) {
      const leave = await turn.enter();
      try {
        return await storeInTurn(group, onWritten);
      } finally {
        leave();
      }
    },
    async close() {
      const unlock = await lock.take();
      isClosed = true;
      await thread.end();
      unlock();
    },
  };
}

/** `notBegun`: the thread fell over something else before it came to this. */
type Heard = StoreAnswer | { readonly kind: 'notBegun' };

interface Asked {
  readonly answered: PromiseWithResolvers<Heard>;
  readonly onWritten: (() => void) | undefined;
}

class StoreThread {
  readonly #worker: Worker;
  readonly #started = Promise.withResolvers<void>();
  readonly #ended: Promise<void>;
  /** It answers in the order of asking. */
  readonly #asked: Asked[] = [];
  #isReady = false;
  isGone = false;

  constructor(program: URL, path: string) {
    const workerData: StoreThreadData = { path };
    this.#worker = new Worker(program, { workerData });
    this.#worker.on('message', (answer: StoreAnswer) => this.#hear(answer));
    this.#worker.on('error', (error) => this.#lose(error));
    const ended = Promise.withResolvers<void>();
    this.#ended = ended.promise;
    this.#worker.once('exit', (code) => {
      this.#lose(new Error(`the storing thread ended with ${code}`));
      ended.resolve();
    });
    // whoever asks is told as well
    this.ready().catch(() => undefined);
  }

  /** Rejects when the file cannot be opened. */
  ready(): Promise<void> {
    return this.#started.promise;
  }

  /** Need not wait for `ready`. */
  ask(message: StoreMessage, onWritten?: () => void): Promise<Heard> {
    const answered = Promise.withResolvers<Heard>();
    this.#asked.push({ answered, onWritten });
    this.#worker.postMessage(message, [message.bytes.buffer as ArrayBuffer]);
    return answered.promise;
  }

  async end(): Promise<void> {
    if (!this.isGone) this.#worker.postMessage(messageOf([]));
    await this.#ended;
  }

  #hear(answer: StoreAnswer): void {
    if (answer.kind === 'ready') {
      this.#isReady = true;
      this.#started.resolve();
    } else if (answer.kind === 'written') this.#asked[0]?.onWritten?.();
    else this.#asked.shift()?.answered.resolve(answer);
  }

  #lose(error: unknown): void {
    this.isGone = true;
    this.#started.reject(error);
    for (const [index, { answered }] of this.#asked.splice(0).entries()) {
      // one that cannot begin at all would not begin for the others either
      if (index === 0 || !this.#isReady) answered.reject(error);
      else answered.resolve({ kind: 'notBegun' });
    }
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

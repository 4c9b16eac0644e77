/**
 * Writes SQLite's log back into the file, in a thread of its own: done within a commit, as SQLite does by itself, it kept
 * everybody who writes waiting for 60 to 90 ms every few hundred batches. Most of it is done while others write; for the last
 * pages, after which the log begins anew, writing pauses.
 */
import { Worker } from 'node:worker_threads';
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { WriteLock } from './write-lock.ts';

export interface WriteBackLimits {
  /** Pages in the log that are not in the file yet: from here on they are written back. */
  readonly stepPages: number;
  /** Pages in the log: from here on it is to begin anew. */
  readonly mostPages: number;
  readonly everyMs: number;
}

export interface WriteBackData extends WriteBackLimits {
  /** An SQLite file that is open in WAL mode. */
  readonly path: string;
}

export interface LogPages {
  /** In the log, counted from its beginning. */
  readonly log: number;
  /** Of these, in the file too. */
  readonly done: number;
  /** Somebody reads what was so before: the log cannot begin anew. */
  readonly isHeld: boolean;
}

export type WriteBackQuestion = 'look' | 'finish' | 'close';
export type WriteBackAnswer =
  ({ readonly kind: 'pages' } & LogPages) | { readonly kind: 'fault'; readonly message: string };

/** Of 4 kB: 96 MB of log. The smaller, the more often the same page is written back; the larger, the longer a start reads it. */
const LIMITS: WriteBackLimits = { stepPages: 8_000, mostPages: 24_000, everyMs: 200 };
const PROGRAM = new URL('./write-back.main.ts', import.meta.url);

export interface WriteBackOptions {
  readonly path: string;
  readonly lock: WriteLock;
  readonly clock: Clock;
  /** Told when it fails, and again only after it had worked in between; meanwhile those who write do it themselves. */
  readonly onFault: (error: Error) => void;
  readonly limits?: WriteBackLimits;
  /** The thread's; another one in tests. */
  readonly program?: URL;
}

export interface WriteBack {
  /** Looks now, not at the next time; resolves when what there was to do is done. */
  look(): Promise<void>;
  close(): Promise<void>;
}

export function startWriteBack({ limits = LIMITS, program = PROGRAM, ...options }: WriteBackOptions): WriteBack {
  const { lock, clock, onFault } = options;
  const thread = new WriteBackThread(program, { path: options.path, ...limits });
  let looking: Promise<void> | undefined;
  let timer: TimerHandle | undefined;
  let isOver = false;
  let hasFailed = false;
  let finishFrom = limits.mostPages;

  async function lookNow(): Promise<void> {
    const { log } = await thread.ask('look');
    if (log < finishFrom) return;
    const unlock = await lock.take();
    try {
      const { isHeld } = await thread.ask('finish');
      // a program that reads for long must not make everybody wait at each look
      finishFrom = isHeld ? log + limits.stepPages : limits.mostPages;
    } finally {
      unlock();
    }
  }
  function look(): Promise<void> {
    looking ??= lookNow()
      .then(
        () => {
          hasFailed = false;
        },
        (error: unknown) => {
          // a disk that is full now has room again some day: it is tried at each look
          if (!isOver && !hasFailed) onFault(new Error('the log is written back by those who write', { cause: error }));
          hasFailed = true;
          if (thread.isLost) isOver = true;
        },
      )
      .finally(() => (looking = undefined));
    return looking;
  }
  function lookAgainLater(): void {
    timer = clock.after(limits.everyMs, () => {
      void look().then(() => {
        if (!isOver) lookAgainLater();
      });
    });
  }
  lookAgainLater();
  return {
    look,
    async close() {
      isOver = true;
      if (timer) clock.cancel(timer);
      await looking;
      await thread.end();
    },
  };
}

/** Asked one thing after the other. */
class WriteBackThread {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #asked: PromiseWithResolvers<LogPages> | undefined;
  #fault: Error | undefined;

  constructor(program: URL, data: WriteBackData) {
    this.#worker = new Worker(program, { workerData: data });
    this.#worker.on('message', (answer: WriteBackAnswer) => {
      const asked = this.#asked;
      this.#asked = undefined;
      if (answer.kind === 'pages') asked?.resolve(answer);
      else asked?.reject(new Error(answer.message));
    });
    this.#worker.on('error', (error: Error) => this.#lose(error));
    const ended = Promise.withResolvers<void>();
    this.#ended = ended.promise;
    this.#worker.once('exit', (code) => {
      this.#lose(new Error(`the thread that writes the log back ended with ${code}`));
      ended.resolve();
    });
  }

  get isLost(): boolean {
    return this.#fault !== undefined;
  }

  ask(question: 'look' | 'finish'): Promise<LogPages> {
    if (this.#fault) return Promise.reject(this.#fault);
    this.#asked = Promise.withResolvers();
    this.#worker.postMessage(question);
    return this.#asked.promise;
  }

  async end(): Promise<void> {
    if (!this.#fault) this.#worker.postMessage('close' satisfies WriteBackQuestion);
    await this.#ended;
  }

  #lose(error: Error): void {
    this.#fault ??= error;
    this.#asked?.reject(error);
    this.#asked = undefined;
  }
}

/** plainjob 0.0.14, the fastest queue of performance.md 1: as it ships it loses acknowledged jobs, so it is forced FULL. */
import Database from 'better-sqlite3';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const PEERS = new URL('../peers/package.json', import.meta.url);

interface Queue {
  add(type: string, data: unknown): { readonly id: number };
  addMany(type: string, data: readonly unknown[]): unknown;
  getAndMarkJobAsProcessing(type: string): { readonly id: number } | undefined;
  markJobAsDone(id: number): unknown;
  close(): void;
}
interface Plainjob {
  better(database: Database.Database): unknown;
  defineQueue(options: { readonly connection: unknown; readonly logger: object }): Queue;
}

const TYPE = 'record';
const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export interface PlainjobPeer {
  readonly add: () => void;
  readonly addMany: (count: number) => void;
  /** Takes one job and marks it done. */
  readonly deliverOne: () => void;
  readonly close: () => void;
}

/** Throws when it is not installed: `npm run bench` does that. */
export async function openPlainjob(path: string, event: object): Promise<PlainjobPeer> {
  const entry = createRequire(PEERS).resolve('plainjob');
  const { better, defineQueue } = (await import(pathToFileURL(entry).href)) as Plainjob;
  const db = new Database(path);
  const queue = defineQueue({ connection: better(db), logger: SILENT });
  db.pragma('synchronous = FULL');
  queue.add(TYPE, event);
  if (db.pragma('synchronous', { simple: true }) !== 2) throw new Error('plainjob is not durable');
  return {
    add: () => void queue.add(TYPE, event),
    addMany: (count) =>
      void queue.addMany(
        TYPE,
        Array.from({ length: count }, () => event),
      ),
    deliverOne() {
      const job = queue.getAndMarkJobAsProcessing(TYPE);
      if (job) queue.markJobAsDone(job.id);
    },
    close: () => queue.close(),
  };
}

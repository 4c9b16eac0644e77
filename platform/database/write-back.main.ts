/** The thread that writes the log back; `write-back.system.ts` starts it, and says what is said between the two. */
import { parentPort, workerData } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import type { LogPages, WriteBackAnswer, WriteBackData, WriteBackQuestion } from './write-back.system.ts';

/** Statements of ours that read are shorter; nobody writes while whoever else reads is waited for. */
const READER_TIMEOUT_MS = 50;
const CACHE_KB = 256;

const port = parentPort;
if (!port) throw new Error('to be started as a thread');
const { path, stepPages, mostPages } = workerData as WriteBackData;
const sqlite = new SqliteDatabase(path, { fileMustExist: true, timeout: READER_TIMEOUT_MS });
sqlite.pragma(`cache_size = -${CACHE_KB}`);
// the log is synced before it is written back, and the file before the log is written over
sqlite.pragma('synchronous = FULL');

port.on('message', (question: WriteBackQuestion) => {
  if (question === 'close') {
    sqlite.close();
    port.close();
  } else port.postMessage(answer(question));
});

function answer(question: 'look' | 'finish'): WriteBackAnswer {
  try {
    return { kind: 'pages', ...(question === 'look' ? look() : checkpoint('RESTART')) };
  } catch (error) {
    // an error keeps no code on its way between threads
    return { kind: 'fault', message: error instanceof Error ? error.message : String(error) };
  }
}

/** Others go on writing meanwhile, so that a log which is to begin anew soon is looked at twice: little is left then. */
function look(): LogPages {
  const now = checkpoint('NOOP');
  if (now.log - now.done < stepPages && now.log < mostPages) return now;
  const first = checkpoint('PASSIVE');
  return first.log < mostPages ? first : checkpoint('PASSIVE');
}

function checkpoint(mode: 'NOOP' | 'PASSIVE' | 'RESTART'): LogPages {
  const [row] = sqlite.pragma(`wal_checkpoint(${mode})`) as readonly Checkpoint[];
  return { log: row?.log ?? 0, done: row?.checkpointed ?? 0, isHeld: row?.busy === 1 };
}

/** What SQLite answers. */
interface Checkpoint {
  readonly busy: number;
  readonly log: number;
  readonly checkpointed: number;
}

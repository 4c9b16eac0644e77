/** Makes this process one whose disk is recorded, before it opens anything. */
import Database from 'better-sqlite3';
import { plant, type Plant } from './plants.ts';
import { recordNodeFiles } from './record-node-files.ts';
import { RecordingLog } from './recording-log.ts';

export interface Recorded {
  /** Everything below it is recorded. */
  readonly directory: string;
  /** Also in the environment, as RECORDING_LOG, for the recorder. */
  readonly log: string;
  /** The compiled recording-vfs.c. */
  readonly recorder: string;
  readonly plant: Plant;
}

export interface RecordedProcess {
  /** Into the log: what was reported as done. */
  mark(said: object): void;
  /** Ends it by SIGKILL, whatever its threads are doing; the log tells everything they did. */
  kill(): never;
}

export function recordProcess(recorded: Recorded): RecordedProcess {
  const log = new RecordingLog(recorded.log);
  // the first connection of the process makes the recorder the default of all that follow, in every thread
  const memory = new Database(':memory:').loadExtension(recorded.recorder);
  recordNodeFiles(recorded.directory, log);
  plant(recorded.plant);
  return {
    mark: (said) => log.note('mark', '', 0, Buffer.from(JSON.stringify(said))),
    kill() {
      memory.prepare('SELECT end_by_kill()').get();
      throw new Error('still alive');
    },
  };
}

/** Some runs of one program, one after the other on the same recorded disk, and the log of all of them. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from '../support/run-node.ts';
import { scratchDirectory } from '../support/scratch.ts';
import type { Recorded } from './record-process.ts';
import { holeIn } from './recording-hole.ts';
import { readRecordingLog, type LogRecord } from './recording-log.ts';

export interface Ground {
  /** To be recorded; there is nothing in it. */
  readonly directory: string;
  readonly log: string;
  /** For images. */
  readonly scratch: string;
}

/** Gives `work` a directory in memory that is gone afterwards. */
export async function onGround<Found>(work: (ground: Ground) => Promise<Found>): Promise<Found> {
  const root = scratchDirectory('crash-power');
  try {
    const ground = { directory: join(root, 'disk'), log: join(root, 'log'), scratch: join(root, 'image') };
    mkdirSync(ground.directory);
    return await work(ground);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Rejects when a run does not come to its end, or when the log does not tell everything. */
export async function recordRuns(
  { directory, log }: Ground,
  { program, env = {} }: { readonly program: string; readonly env?: NodeJS.ProcessEnv },
  lives: readonly (Recorded & { readonly seed: number })[],
): Promise<readonly LogRecord[]> {
  for (const [index, life] of lives.entries()) {
    const { signal, stderr } = await runNode(program, life, { env: { ...env, RECORDING_LOG: log } });
    if (signal !== 'SIGKILL') throw new Error(`run ${index} with seed ${life.seed} broke off: ${stderr}`);
  }
  const records = readRecordingLog(log);
  const hole = holeIn(records, directory);
  if (hole !== undefined) throw new Error(`the recording has a hole: ${hole}`);
  return records;
}

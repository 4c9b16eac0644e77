/** Whether a recording tells everything: played back, it must leave the files that really lie there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiskModel } from './disk-model.ts';
import type { LogRecord } from './recording-log.ts';

/** The index of a write-ahead log is memory that threads share; no power cut leaves it, and nobody records it. */
const UNRECORDED = /-shm$/;

/** What is not as recorded in `directory`, or what lies there and never was. */
export function holeIn(log: readonly LogRecord[], directory: string): string | undefined {
  const disk = new DiskModel();
  for (const record of log) disk.apply(record);
  for (const [path, file] of disk.names) {
    file.sync();
    if (!existsSync(path)) return `${path} is not there`;
    if (!readFileSync(path).equals(file.durable())) return `${path} holds something else`;
  }
  const found = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = found.map(({ parentPath, name }) => join(parentPath, name));
  const stranger = paths.find((path) => !disk.names.has(path) && !UNRECORDED.test(path));
  return stranger && `${stranger} was never created`;
}

/**
 * What reached the disk, in order: the log of recording-vfs.c (which describes the format), and the records of the files
 * that do not go through SQLite, written here.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/**
 * `syncing` and `synced`: a sync that others write beside; it covers what was written before it began, and that only once it
 * has ended. `offset` tells which. `mark`: no disk act, but something the program said: a commit it reported as done.
 */
const KINDS = {
  create: 'C',
  write: 'W',
  truncate: 'T',
  sync: 'S',
  syncing: 'B',
  synced: 'E',
  unlink: 'U',
  rename: 'R',
  directory: 'D',
  mark: 'M',
} as const;
export type RecordKind = keyof typeof KINDS;

export interface LogRecord {
  readonly kind: RecordKind;
  /** File, or the directory that was synced. The new name of a renamed file is its `data`. */
  readonly path: string;
  /** Where a write begins; the new size of a truncated file. */
  readonly offset: number;
  readonly data: Buffer;
}

const HEAD_BYTES = 17;
const NOTHING = Buffer.alloc(0);

export class RecordingLog {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a', 0o600);
  }

  note(kind: RecordKind, path: string, offset = 0, data: Uint8Array = NOTHING): void {
    const name = Buffer.from(path);
    const head = Buffer.alloc(HEAD_BYTES);
    head.write(KINDS[kind], 0, 'latin1');
    head.writeUInt32LE(name.length, 1);
    head.writeUInt32LE(data.length, 5);
    head.writeBigUInt64LE(BigInt(offset), 9);
    // in one call: other threads append to the same file
    const record = Buffer.concat([head, name, data]);
    if (writeSync(this.#file, record) !== record.length) throw new Error(`half a record of ${kind} ${path}`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Acts that may leave another disk than the one before; the others only tell something. */
export function changesDisk({ kind }: LogRecord): boolean {
  return kind !== 'mark' && kind !== 'syncing';
}

export function readRecordingLog(path: string): readonly LogRecord[] {
  const bytes = readFileSync(path);
  const kinds = new Map(Object.entries(KINDS).map(([kind, letter]) => [letter, kind as RecordKind]));
  const records: LogRecord[] = [];
  for (let at = 0; at < bytes.length;) {
    const kind = kinds.get(bytes.toString('latin1', at, at + 1) as 'C');
    if (!kind) throw new Error(`${path}: no record at byte ${at}`);
    const nameEnd = at + HEAD_BYTES + bytes.readUInt32LE(at + 1);
    const end = nameEnd + bytes.readUInt32LE(at + 5);
    records.push({
      kind,
      path: bytes.toString('utf8', at + HEAD_BYTES, nameEnd),
      offset: Number(bytes.readBigUInt64LE(at + 9)),
      data: bytes.subarray(nameEnd, end),
    });
    at = end;
  }
  return records;
}

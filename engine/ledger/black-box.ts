/**
 * The second money record: a plain file of lines on another partition, append only, each synced before it counts. It is
 * what is left when the database is gone. A line is the CRC-32 (eight hex digits) of its JSON, a space, the JSON.
 */
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { codeOf, refusalOf } from './safety/error-code.ts';

const NEWLINE = 10;
/** Longer than any line, so that a torn one is found in the last piece of the file. */
const TAIL_BYTES = 256 * 1024;

export interface BlackBox {
  /** Appends the lines with one sync. Durable when it returns ok; when it does not, nothing of them is left. */
  write(...lines: readonly object[]): Result<undefined>;
  /** Bytes in the file. */
  size(): number;
  /** Begins a new file; this one becomes `earlierBlackBox(path)`, and the one that was that is gone. */
  rotate(): Result<undefined>;
  close(): void;
}

export interface BlackBoxContent {
  readonly lines: readonly unknown[];
  /** Whole lines whose CRC does not fit. */
  readonly damaged: number;
  /** The last line has no end: the power went while it was written, so nothing was done on its strength. */
  readonly isTorn: boolean;
}

export function earlierBlackBox(path: string): string {
  return `${path}.1`;
}

/** Opens or creates the file; a line torn by a power cut is cut off, so that it cannot swallow the next one. */
export function openBlackBox(path: string): Result<BlackBox> {
  try {
    return ok(new LineFile(path));
  } catch (error) {
    return fail('ledger.unsafe', `black box: ${codeOf(error)}`);
  }
}

/** Throws what the file system throws; a file that does not exist is empty. */
export function readBlackBox(path: string): BlackBoxContent {
  const text = readIfThere(path);
  const whole = text.split('\n');
  const rest = whole.pop() ?? '';
  const lines: unknown[] = [];
  let damaged = 0;
  for (const line of whole) {
    if (line === '') continue;
    const json = line.slice(9);
    if (line.slice(0, 8) === checksum(json)) lines.push(JSON.parse(json));
    else damaged++;
  }
  return { lines, damaged, isTorn: rest !== '' };
}

/** Makes a new name in a directory survive a power cut. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

class LineFile implements BlackBox {
  readonly #path: string;
  #file: number;
  #bytes: number;
  #isOpen = true;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'a+', 0o600);
    this.#bytes = wholeLines(this.#file);
    ftruncateSync(this.#file, this.#bytes);
    fsyncSync(this.#file);
    syncDirectory(dirname(path));
  }

  write(...lines: readonly object[]): Result<undefined> {
    try {
      const texts = lines.map((line) => JSON.stringify(line));
      const bytes = Buffer.from(texts.map((json) => `${checksum(json)} ${json}\n`).join(''));
      for (let written = 0; written < bytes.length;) written += writeSync(this.#file, bytes, written);
      fdatasyncSync(this.#file);
      this.#bytes += bytes.length;
      return ok(undefined);
    } catch (error) {
      this.#takeBack();
      const code = codeOf(error);
      return code === 'ENOSPC'
        ? fail('ledger.full', 'black box')
        : fail('ledger.unsafe', `black box: ${refusalOf(error)}`);
    }
  }

  size(): number {
    return this.#bytes;
  }

  rotate(): Result<undefined> {
    try {
      renameSync(this.#path, earlierBlackBox(this.#path));
      const next = openSync(this.#path, 'a+', 0o600);
      closeSync(this.#file);
      this.#file = next;
      this.#bytes = 0;
      syncDirectory(dirname(this.#path));
      return ok(undefined);
    } catch (error) {
      return fail('ledger.unsafe', `black box: ${codeOf(error)}`);
    }
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }

  /** Half a line would swallow the next one. */
  #takeBack(): void {
    try {
      ftruncateSync(this.#file, this.#bytes);
    } catch {
      // the disk takes nothing any more; the next start cuts the torn line off, or finds it damaged
    }
  }
}

/** Bytes up to and with the last line end. */
function wholeLines(file: number): number {
  const { size } = fstatSync(file);
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
  readSync(file, tail, 0, tail.length, size - tail.length);
  const end = tail.lastIndexOf(NEWLINE);
  // no line end in so much: damage, not a torn line; it is kept and named
  return end === -1 && tail.length === TAIL_BYTES ? size : size - tail.length + end + 1;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}

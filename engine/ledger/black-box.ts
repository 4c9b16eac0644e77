/**
 * The second money record: a plain file of lines on another partition, append only, each synced before it counts. It is
 * what is left when the database is gone. A line is the CRC-32 (eight hex digits) of its JSON, a space, the JSON.
 */
import { closeSync, existsSync, fdatasyncSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

const NEWLINE = 10;

export interface BlackBox {
  /** Durable when it returns ok. */
  write(line: object): Result<undefined>;
  close(): void;
}

export interface BlackBoxContent {
  readonly lines: readonly unknown[];
  /** Lines whose CRC does not fit; a torn last line is one. */
  readonly damaged: number;
}

/** Opens or creates the file; a line torn by a power cut is closed off so that it cannot swallow the next one. */
export function openBlackBox(path: string): Result<BlackBox> {
  try {
    const lastByte = existsSync(path) ? readFileSync(path).at(-1) : undefined;
    const isTorn = lastByte !== undefined && lastByte !== NEWLINE;
    const file = openSync(path, 'a', 0o600);
    if (isTorn) writeSync(file, '\n');
    fsyncSync(file);
    syncDirectory(dirname(path));
    return ok({ write: (line) => writeLine(file, line), close: () => closeSync(file) });
  } catch (error) {
    return fail('ledger.unsafe', `black box: ${errorCode(error)}`);
  }
}

export function readBlackBox(path: string): BlackBoxContent {
  const lines: unknown[] = [];
  let damaged = 0;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue;
    const json = line.slice(9);
    if (line.slice(0, 8) === checksum(json)) lines.push(JSON.parse(json));
    else damaged++;
  }
  return { lines, damaged };
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

function writeLine(file: number, line: object): Result<undefined> {
  try {
    const json = JSON.stringify(line);
    const bytes = Buffer.from(`${checksum(json)} ${json}\n`);
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    fdatasyncSync(file);
    return ok(undefined);
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOSPC' ? fail('ledger.full', 'black box') : fail('ledger.unsafe', `black box: ${code}`);
  }
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

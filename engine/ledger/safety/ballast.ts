/**
 * A file that only takes up space: let go when the disk is full, so that results of acts under way can still be written,
 * and laid down again when there is room. 64 MB is more than the write-ahead log and what its next checkpoint adds; a
 * smaller one was eaten by the checkpoint (money-and-sync 1.7).
 */
import { statSync, unlinkSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { fail, ok, type Result } from '../../../contract/outcome.schema.ts';
import { codeOf } from './error-code.ts';

export const BALLAST_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

export interface Ballast {
  readonly bytes: number;
  isWhole(): boolean;
  /** True when space was freed by it. */
  release(): boolean;
  /** Lays it down again, a megabyte at a time; `ledger.full` when there is no room after all. */
  rebuild(): Promise<Result<undefined>>;
}

export function createBallast(path: string, bytes = BALLAST_BYTES): Ballast {
  const partial = `${path}.partial`;
  return {
    bytes,
    isWhole: () => statSync(path, { throwIfNoEntry: false })?.size === bytes,
    release() {
      try {
        unlinkSync(path);
        return true;
      } catch {
        return false; // not there, or the disk takes no change at all: nothing was freed
      }
    },
    async rebuild() {
      try {
        await fill(partial, bytes);
        await rename(partial, path);
        return ok(undefined);
      } catch (error) {
        await rm(partial, { force: true });
        return fail('ledger.full', `ballast: ${codeOf(error)}`);
      }
    },
  };
}

async function fill(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    const zeros = Buffer.alloc(CHUNK_BYTES);
    for (let written = 0; written < bytes;) {
      written += (await file.write(zeros, 0, Math.min(CHUNK_BYTES, bytes - written))).bytesWritten;
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

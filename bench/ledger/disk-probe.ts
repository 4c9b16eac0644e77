/** The disk's own floor: 8 kB of an allocated file overwritten and synced, over 4 MB, like a log that is used again. */
import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from 'node:fs';

const BLOCK_BYTES = 8 * 1024;
const BLOCKS = 512;

export interface DiskProbe {
  readonly sync: () => void;
  readonly close: () => void;
}

export function openDiskProbe(path: string): DiskProbe {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(BLOCK_BYTES, 7);
  for (let n = 0; n < BLOCKS; n++) writeSync(file, block, 0, BLOCK_BYTES, n * BLOCK_BYTES);
  fsyncSync(file);
  let next = 0;
  return {
    sync() {
      writeSync(file, block, 0, BLOCK_BYTES, (next++ % BLOCKS) * BLOCK_BYTES);
      fdatasyncSync(file);
    },
    close: () => closeSync(file),
  };
}

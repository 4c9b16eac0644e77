/** Free bytes of the file system a path lies on, for a process without privileges. */
import { statfsSync } from 'node:fs';

export function freeBytesAt(path: string): () => number | undefined {
  return () => {
    try {
      const { bavail, bsize } = statfsSync(path);
      return bavail * bsize;
    } catch {
      return undefined; // a path that is gone: the ledger itself will say so
    }
  };
}

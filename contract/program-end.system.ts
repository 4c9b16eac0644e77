/** How a program of ours ends: on a signal, or when whoever started it has gone. Only `main.ts` files import this. */
import { fstatSync } from 'node:fs';

/** Calls `close` once, then exits 0; a fault on the way goes to stderr and exits 1. */
export function endWith(close: () => Promise<unknown>): void {
  let isEnding = false;
  const end = (): void => {
    if (isEnding) return;
    isEnding = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${describeError(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', end);
  if (!hasParentOnStdin()) return;
  // A parent that is killed tells nobody, but its end of our stdin closes.
  process.stdin.on('end', end);
  process.stdin.on('close', end);
  process.stdin.on('error', end);
  process.stdin.resume();
}

/** A service manager gives /dev/null and a shell a terminal: neither tells of a parent. */
function hasParentOnStdin(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isSocket();
  } catch (error) {
    // Closed before we began: nobody will tell us anything through it.
    if (error instanceof Error && 'code' in error && error.code === 'EBADF') return false;
    throw error;
  }
}

export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

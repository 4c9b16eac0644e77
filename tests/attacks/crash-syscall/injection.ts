/** System calls that fail on order: strace says to the kernel's caller what the disk did not do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * better-sqlite3 syncs with fsync, the black box with fdatasync; SQLite writes with pwrite64, node with write. `lie`: the call
 * is not made, and its caller hears that all of it was.
 */
export interface Injection {
  readonly call: Call;
  readonly what: 'EIO' | 'ENOSPC' | 'kill' | 'lie';
  /** The how-manieth of these calls on the files that are watched. */
  readonly nth: number;
}

export type Call = (typeof CALLS)[number];

export const CALLS = ['fsync', 'fdatasync', 'pwrite64', 'write', 'ftruncate', 'unlink', 'openat'] as const;

const PAGE_BYTES = 4096;
const FILTER = '--seccomp-bpf';

/** The command to put before the program. `paths`: what is watched. `trace`: where the calls are written down. */
export function straceCommand(paths: readonly string[], trace: string, injection: Injection): readonly string[] {
  const inject = ['-e', `inject=${injection.call}:${effectOf(injection)}`];
  // with the kernel's filter, which halves the time, strace 6.1 delivers no signal
  const command = watching(paths, trace);
  return [...(injection.what === 'kill' ? command.filter((word) => word !== FILTER) : command), ...inject];
}

/** The same without harm, to count the calls. */
export function watching(paths: readonly string[], trace: string): readonly string[] {
  const watched = paths.flatMap((path) => ['-P', path]);
  return ['strace', '-f', '-y', FILTER, '-qq', '-o', trace, ...watched, '-e', `trace=${CALLS.join(',')}`];
}

/** How often each call was made on the watched files. */
export function countCalls(trace: string): ReadonlyMap<Call, number> {
  const counts = new Map<Call, number>();
  for (const [, name] of readFileSync(trace, 'utf8').matchAll(/^\d+ +(?<call>\w+)\(/gm)) {
    const call = name as Call;
    counts.set(call, (counts.get(call) ?? 0) + 1);
  }
  return counts;
}

/** Of the call that was made to fail: the path of its file, empty when it names none. A kill leaves no such line. */
export function injectedPath(trace: string): string | undefined {
  const line = readFileSync(trace, 'utf8')
    .split('\n')
    .find((one) => one.includes('(INJECTED)'));
  return line === undefined ? undefined : (/\(\d+<(?<path>[^>]*)>/.exec(line)?.groups?.['path'] ?? '');
}

export function describeInjection({ call, what, nth }: Injection): string {
  return `${what} at ${call} ${nth}`;
}

/** An SQLite file, what stands beside it, and the directory that names them. */
export function sqlitePaths(path: string): readonly string[] {
  return [path, `${path}-wal`, `${path}-journal`, join(path, '..')];
}

function effectOf({ call, what, nth }: Injection): string {
  if (what === 'kill') return `signal=SIGKILL:when=${nth}`;
  if (what === 'lie') return `retval=${call === 'pwrite64' ? PAGE_BYTES : 0}:when=${nth}`;
  return `error=${what}:when=${nth}`;
}

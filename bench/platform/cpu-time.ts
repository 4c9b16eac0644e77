/** CPU time that processes have used so far, from /proc: contention by others hardly moves it. */
import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel counts in: USER_HZ is 100 on every Linux we run on. */
const TICK_MS = 10;

interface Stat {
  readonly parent: number;
  readonly ownMs: number;
  /** Of children that have ended. */
  readonly endedMs: number;
}

/** User and system time of one process with all its threads, ms. */
export function cpuMs(pid: number): number {
  return statOf(pid)?.ownMs ?? 0;
}

/** A server and its backends, those that have ended included, ms. */
export function cpuMsWithChildren(pid: number): number {
  const own = statOf(pid);
  if (!own) return 0;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? [])
    .filter(({ parent }) => parent === pid);
  return own.ownMs + own.endedMs + children.reduce((sum, { ownMs }) => sum + ownMs, 0);
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // the name stands in brackets and may hold anything
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = (from: number): number => (Number(fields[from]) + Number(fields[from + 1])) * TICK_MS;
    return { parent: Number(fields[1]), ownMs: ticks(11), endedMs: ticks(13) };
  } catch {
    // it has just ended
    return undefined;
  }
}

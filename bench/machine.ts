/** What the figures were measured on; without it they say nothing. */
import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  /** Device and file system under the bench's files. */
  readonly disk: string;
  readonly node: string;
  readonly browser: string;
  /** Of the last minute, at the start: much above the cores means that others are working here. */
  readonly load: number;
}

export function describeMachine(directory: string, chromium?: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `Linux ${release()}`,
    disk: diskUnder(directory),
    node: process.version,
    browser: chromium === undefined ? 'not used' : versionOf(chromium),
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}

/** The mount with the longest path that holds the directory. */
function diskUnder(directory: string): string {
  const real = realpathSync(directory);
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([device = '', path = '', type = '']) => ({ device, path, type }))
    .filter(({ path }) => path !== '' && `${real}/`.startsWith(path.endsWith('/') ? path : `${path}/`))
    .toSorted((a, b) => a.path.length - b.path.length);
  const mount = mounts.at(-1);
  return mount ? `${mount.device} ${mount.type}` : 'unknown';
}

function versionOf(program: string): string {
  try {
    return (
      execFileSync(program, ['--version'], { encoding: 'utf8', timeout: 10_000, stdio: ['ignore', 'pipe', 'ignore'] })
        .trim()
        .split('\n')[0] ?? ''
    );
  } catch {
    return 'none';
  }
}

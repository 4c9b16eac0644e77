/** One kiosk per data directory. A lock whose process has gone, or whose number now belongs to another, does not count. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

const Holder = Type.Object({
  pid: Type.Integer({ minimum: 1 }),
  /** When that process began, in the system's own words: tells it from a later one with the same number. */
  began: Type.String(),
  url: Type.Optional(Type.String()),
});
export type Holder = Static<typeof Holder>;

export interface InstanceLock {
  /** Lets a second start say where the first one is. */
  publish(url: string): void;
  release(): void;
}

export type LockResult =
  { readonly ok: true; readonly lock: InstanceLock } | { readonly ok: false; readonly holder: Holder };

/** When the process began; undefined when there is none. */
export type BeganOf = (pid: number) => string | undefined;

const ATTEMPTS = 5;

export function takeLock(dataDir: string, self: number, beganOf: BeganOf): LockResult {
  const file = join(dataDir, 'start.lock');
  const mine: Holder = { pid: self, began: beganOf(self) ?? '' };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (create(file, mine)) return { ok: true, lock: lockOf(file, mine) };
    const holder = read(file);
    if (holder && beganOf(holder.pid) === holder.began) return { ok: false, holder };
    setAside(file, self);
  }
  throw new Error(`${file} keeps coming back; remove it by hand when nothing is running`);
}

function lockOf(file: string, mine: Holder): InstanceLock {
  return {
    publish(url) {
      const next = `${file}.${mine.pid}`;
      writeFileSync(next, JSON.stringify({ ...mine, url }), { mode: 0o600 });
      renameSync(next, file);
    },
    release() {
      if (read(file)?.pid === mine.pid) rmSync(file, { force: true });
    },
  };
}

function create(file: string, holder: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(holder), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Two starts may find the same stale lock: only one of them can move it. */
function setAside(file: string, self: number): void {
  const aside = `${file}.stale-${self}`;
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function read(file: string): Holder | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Value.Check(Holder, content) ? content : undefined;
  } catch {
    return undefined; // gone, or cut off when its writer died: in both cases nobody holds it
  }
}

/** Linux tells the start time of a process, and whether it is only still listed; elsewhere being alive must do. */
export function systemBeganOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const [state = '', ...rest] = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '').split(' ');
      return 'ZX'.includes(state) ? undefined : rest[18];
    } catch {
      return undefined; // no such process
    }
  }
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch (error) {
    return codeOf(error) === 'EPERM' ? 'alive' : undefined;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

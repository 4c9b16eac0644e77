/** Compiles recording-vfs.c, once for each version of it. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

const SOURCE = resolve(import.meta.dirname, 'recording-vfs.c');
const HEADERS = resolve(import.meta.dirname, '../../../node_modules/better-sqlite3/deps/sqlite3');
const FLAGS = ['-Wall', '-Wextra', '-Werror', '-O2', '-fPIC', '-shared'];

/** The path of the loadable extension. Throws with the compiler's words when it does not compile. */
export function buildRecorder(): string {
  const version = createHash('sha256')
    .update(readFileSync(SOURCE))
    .update(readFileSync(join(HEADERS, 'sqlite3ext.h')));
  const directory = join(tmpdir(), `livelihood-kiosk-${userInfo().uid}`);
  const built = join(directory, `recording-vfs-${version.digest('hex').slice(0, 16)}.so`);
  if (existsSync(built)) return built;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const half = `${built}.${process.pid}`;
  const { error, status, stderr } = spawnSync('gcc', [...FLAGS, `-I${HEADERS}`, SOURCE, '-o', half], {
    encoding: 'utf8',
  });
  if (error || status !== 0) throw new Error(`gcc: ${error?.message ?? stderr}`);
  renameSync(half, built);
  return built;
}

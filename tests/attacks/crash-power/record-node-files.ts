/**
 * Records the files that node itself writes below one directory (the black box, synced directories), by wrapping the
 * calls of `node:fs`. A call that would change a file unseen throws: a recording with a hole proves nothing.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { RecordingLog } from './recording-log.ts';

interface OpenFile {
  readonly path: string;
  readonly isDirectory: boolean;
}

/** They change files by name; nothing of the ledger uses them on its own files. */
const UNSEEN = [
  'appendFileSync',
  'copyFileSync',
  'cpSync',
  'linkSync',
  'mkdirSync',
  'rmSync',
  'rmdirSync',
  'symlinkSync',
  'truncateSync',
  'writeFileSync',
  'writevSync',
] as const;

type AnyCall = (...args: unknown[]) => unknown;

export function recordNodeFiles(root: string, log: RecordingLog): void {
  const real = { ...fs };
  const calls = fs as unknown as Record<string, AnyCall>;
  const open = new Map<number, OpenFile>();
  const isInside = (path: unknown): path is string =>
    typeof path === 'string' && (path === root || path.startsWith(`${root}/`));

  fs.openSync = (path, flags, mode) => {
    if (!isInside(path)) return real.openSync(path, flags, mode);
    if (typeof flags !== 'string' || !['r', 'a', 'a+'].includes(flags)) throw new Error(`not recorded: open ${flags}`);
    const isNew = !real.existsSync(path);
    const file = real.openSync(path, flags, mode);
    if (isNew) log.note('create', path);
    open.set(file, { path, isDirectory: real.fstatSync(file).isDirectory() });
    return file;
  };
  fs.closeSync = (file) => {
    open.delete(file);
    real.closeSync(file);
  };
  fs.writeSync = ((file: number, ...rest: [Uint8Array, number?, number?]) => {
    const known = open.get(file);
    if (!known) return (real.writeSync as AnyCall)(file, ...rest);
    const offset = real.fstatSync(file).size;
    const [data, from = 0] = rest;
    const written = real.writeSync(file, ...rest);
    log.note('write', known.path, offset, data.subarray(from, from + written));
    return written;
  }) as typeof fs.writeSync;
  fs.ftruncateSync = (file, size) => {
    real.ftruncateSync(file, size);
    const known = open.get(file);
    if (known) log.note('truncate', known.path, size ?? 0);
  };
  const synced = (sync: (file: number) => void) => (file: number) => {
    sync(file);
    const known = open.get(file);
    if (known) log.note(known.isDirectory ? 'directory' : 'sync', known.path);
  };
  fs.fsyncSync = synced(real.fsyncSync);
  fs.fdatasyncSync = synced(real.fdatasyncSync);
  fs.renameSync = (from, to) => {
    real.renameSync(from, to);
    if (isInside(from) && isInside(to)) log.note('rename', from, 0, Buffer.from(to));
    else if (isInside(from) || isInside(to)) throw new Error('not recorded: a rename across the directory');
  };
  fs.unlinkSync = (path) => {
    real.unlinkSync(path);
    if (isInside(path)) log.note('unlink', path);
  };
  for (const name of UNSEEN) {
    const call = calls[name];
    if (!call) throw new Error(`node:fs has no ${name}`);
    calls[name] = (...args) => {
      if (args.some(isInside) || args.some((arg) => typeof arg === 'number' && open.has(arg))) {
        throw new Error(`not recorded: ${name}`);
      }
      return call(...args);
    };
  }
  syncBuiltinESMExports();
}

/**
 * Records the files that node itself writes below one directory (the black box, synced directories and logs), by wrapping
 * the calls of `node:fs`. A call that would change a file unseen throws: a recording with a hole proves nothing.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { RecordingLog } from './recording-log.ts';

interface OpenFile {
  readonly path: string;
  readonly isDirectory: boolean;
  /** Whatever is written goes to the end. */
  readonly appends: boolean;
}

/** `r+` is for those who only sync or cut: it makes no file, and writing through it is refused. */
const FLAGS = ['r', 'r+', 'a', 'a+'];

/** They change files by name or out of sight; nothing that is attacked uses them on its own files. */
const UNSEEN = [
  'appendFile',
  'copyFile',
  'cp',
  'link',
  'mkdir',
  'rm',
  'rmdir',
  'symlink',
  'truncate',
  'writeFile',
  'writev',
] as const;
/** Recorded in their synchronous form only. */
const UNSEEN_LATER = ['open', 'write', 'ftruncate', 'rename', 'unlink', 'createWriteStream'] as const;

type AnyCall = (...args: unknown[]) => unknown;
type Calls = Record<string, AnyCall>;
type Done = (error: NodeJS.ErrnoException | null) => void;

export function recordNodeFiles(root: string, log: RecordingLog): void {
  const real = { ...fs };
  const open = new Map<number, OpenFile>();
  const isInside = (path: unknown): path is string =>
    typeof path === 'string' && (path === root || path.startsWith(`${root}/`));

  fs.openSync = (path, flags, mode) => {
    if (!isInside(path)) return real.openSync(path, flags, mode);
    if (typeof flags !== 'string' || !FLAGS.includes(flags)) throw new Error(`not recorded: open ${flags}`);
    const isNew = !real.existsSync(path);
    const file = real.openSync(path, flags, mode);
    if (isNew) log.note('create', path);
    const isDirectory = real.fstatSync(file).isDirectory();
    open.set(file, { path, isDirectory, appends: flags.startsWith('a') });
    return file;
  };
  fs.closeSync = (file) => {
    open.delete(file);
    real.closeSync(file);
  };
  fs.close = ((file: number, done?: Done) => {
    open.delete(file);
    real.close(file, done);
  }) as typeof fs.close;
  fs.writeSync = ((file: number, ...rest: [Uint8Array, number?, number?]) => {
    const known = open.get(file);
    if (!known) return (real.writeSync as AnyCall)(file, ...rest);
    if (!known.appends) throw new Error(`not recorded: a write into ${known.path}, other than at its end`);
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
  fs.renameSync = (from, to) => {
    real.renameSync(from, to);
    if (isInside(from) && isInside(to)) log.note('rename', from, 0, Buffer.from(to));
    else if (isInside(from) || isInside(to)) throw new Error('not recorded: a rename across the directory');
  };
  fs.unlinkSync = (path) => {
    real.unlinkSync(path);
    if (isInside(path)) log.note('unlink', path);
  };
  recordSyncs(open, log);
  const isSeen = (arg: unknown): boolean => isInside(arg) || (typeof arg === 'number' && open.has(arg));
  refuse(fs as unknown as Calls, [...UNSEEN, ...UNSEEN_LATER, ...UNSEEN.map((name) => `${name}Sync`)], isSeen);
  const promises = fs.promises as unknown as Calls;
  refuse(
    promises,
    [...UNSEEN, ...UNSEEN_LATER].filter((name) => name in promises),
    isSeen,
  );
  syncBuiltinESMExports();
}

/**
 * Of a file, the beginning is noted before the call and the end after it: other threads write meanwhile, and only what was
 * written before the beginning is covered; and nothing is until the end, whatever the program reports as done before it.
 */
function recordSyncs(open: ReadonlyMap<number, OpenFile>, log: RecordingLog): void {
  const { fsyncSync, fdatasyncSync, fsync, fdatasync } = fs;
  let count = 0;
  const recordedNow = (sync: (file: number) => void) => (file: number) => {
    const known = open.get(file);
    const number = ++count;
    if (known && !known.isDirectory) log.note('syncing', known.path, number);
    sync(file);
    if (known) log.note(known.isDirectory ? 'directory' : 'synced', known.path, known.isDirectory ? 0 : number);
  };
  const recordedLater = (sync: (file: number, done: Done) => void) => (file: number, done: Done) => {
    const known = open.get(file);
    if (!known) return sync(file, done);
    if (known.isDirectory) throw new Error(`not recorded: a sync of the directory ${known.path} beside other work`);
    const number = ++count;
    log.note('syncing', known.path, number);
    sync(file, (error) => {
      // one that failed has covered nothing
      if (!error) log.note('synced', known.path, number);
      done(error);
    });
  };
  fs.fsyncSync = recordedNow(fsyncSync);
  fs.fdatasyncSync = recordedNow(fdatasyncSync);
  fs.fsync = recordedLater(fsync) as typeof fs.fsync;
  fs.fdatasync = recordedLater(fdatasync) as typeof fs.fdatasync;
}

/** Those calls throw when they name a recorded file or one that is open. */
function refuse(calls: Calls, names: readonly string[], isSeen: (arg: unknown) => boolean): void {
  for (const name of names) {
    const call = calls[name];
    if (!call) throw new Error(`node:fs has no ${name}`);
    calls[name] = (...args) => {
      if (args.some(isSeen)) throw new Error(`not recorded: ${name}`);
      return Reflect.apply(call, fs, args) as unknown;
    };
  }
}

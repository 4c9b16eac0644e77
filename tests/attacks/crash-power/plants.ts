/** Bugs planted in the attacking process alone: with one of them the attack must find losses, or it finds nothing. */
import Database from 'better-sqlite3';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * `normal`: commits run with synchronous=NORMAL, the library's own default, while the settings read back as they should; and
 * a log that the program syncs itself is not synced. `unsyncedNames`: no directory is synced by the ledger, and SQLite does
 * not sync it with its first commit.
 */
export type Plant = 'none' | 'normal' | 'unsyncedNames';

export function plant(kind: Plant): void {
  if (kind === 'normal') {
    replacePragma(/^\s*synchronous\s*=\s*(?:FULL|EXTRA|2|3)\s*$/i, 'synchronous = NORMAL');
    leaveUnsynced((path) => path.endsWith('-wal'));
  }
  if (kind === 'unsyncedNames') {
    replacePragma(/^\s*synchronous\s*=\s*(?:EXTRA|3)\s*$/i, 'synchronous = FULL');
    leaveUnsynced((path) => fs.statSync(path).isDirectory());
  }
}

type Done = (error: NodeJS.ErrnoException | null) => void;

/** Syncs of those files say that all went well. */
function leaveUnsynced(isLeft: (path: string) => boolean): void {
  const isLeftOpen = (file: number): boolean => isLeft(fs.readlinkSync(`/proc/self/fd/${file}`));
  const now = (sync: (file: number) => void) => (file: number) => {
    if (!isLeftOpen(file)) sync(file);
  };
  const later = (sync: (file: number, done: Done) => void) => (file: number, done: Done) => {
    if (isLeftOpen(file)) process.nextTick(done, null);
    else sync(file, done);
  };
  fs.fsyncSync = now(fs.fsyncSync);
  fs.fdatasyncSync = now(fs.fdatasyncSync);
  fs.fsync = later(fs.fsync) as typeof fs.fsync;
  fs.fdatasync = later(fs.fdatasync) as typeof fs.fdatasync;
  syncBuiltinESMExports();
}

const SYNCHRONOUS = ['OFF', 'NORMAL', 'FULL', 'EXTRA'];

/** What was asked for is what is read back. */
function replacePragma(wanted: RegExp, instead: string): void {
  const prototype = Database.prototype as Database.Database;
  const real = prototype.pragma;
  const asked = new WeakMap<Database.Database, number>();
  prototype.pragma = function pragma(this: Database.Database, source, options) {
    const setting = /^\s*synchronous\s*=\s*(\w+)\s*$/i.exec(source)?.[1]?.toUpperCase();
    if (setting !== undefined) asked.set(this, /\d/.test(setting) ? Number(setting) : SYNCHRONOUS.indexOf(setting));
    const known = /^\s*synchronous\s*$/i.test(source) ? asked.get(this) : undefined;
    if (known !== undefined) return options?.simple ? known : [{ synchronous: known }];
    return real.call(this, wanted.test(source) ? instead : source, options);
  };
}

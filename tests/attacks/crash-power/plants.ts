/** Bugs planted in the attacking process alone: with one of them the attack must find losses, or it finds nothing. */
import Database from 'better-sqlite3';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * `normal`: the ledger's commits run with synchronous=NORMAL, the library's own default, while the settings read back as
 * they should. `unsyncedNames`: no directory is synced by the ledger, and SQLite does not sync it with its first commit.
 */
export type Plant = 'none' | 'normal' | 'unsyncedNames';

export function plant(kind: Plant): void {
  if (kind === 'normal') replacePragma(/^\s*synchronous\s*=\s*(?:FULL|EXTRA|2|3)\s*$/i, 'synchronous = NORMAL');
  if (kind === 'unsyncedNames') {
    replacePragma(/^\s*synchronous\s*=\s*(?:EXTRA|3)\s*$/i, 'synchronous = FULL');
    const sync = fs.fsyncSync;
    fs.fsyncSync = (file) => {
      if (!fs.fstatSync(file).isDirectory()) sync(file);
    };
    syncBuiltinESMExports();
  }
}

function replacePragma(wanted: RegExp, instead: string): void {
  const prototype = Database.prototype as Database.Database;
  const real = prototype.pragma;
  prototype.pragma = function pragma(this: Database.Database, source, options) {
    if (/^\s*synchronous\s*$/i.test(source)) return options?.simple ? 2 : [{ synchronous: 2 }];
    return real.call(this, wanted.test(source) ? instead : source, options);
  };
}

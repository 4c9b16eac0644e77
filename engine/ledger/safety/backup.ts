/**
 * Copies of the ledger on another partition (money-and-sync 1.7). A copy counts only after it was opened and checked, pages
 * and chain; only then does the oldest one go. They are numbered, not dated: the clock of a terminal may be wrong.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../contract/clock.ts';
import { fail, ok, type Result } from '../../../contract/outcome.schema.ts';
import { syncDirectory } from '../black-box.ts';
import { checkLedgerFile } from './check-file.ts';
import { codeOf } from './error-code.ts';

export const BACKUPS_KEPT = 3;
const NAME = /^ledger-(?<number>\d{8})\.db$/;
const LAST_NUMBER = 99_999_999;

/** What a copy is made of. */
export interface BackupSource {
  /** Copies what is committed, in slices between other work; the copy is a single file. */
  copyTo(path: string): Promise<Result<undefined>>;
}

/** Makes one copy, checks it, and lets the oldest beyond three go. The path of the new one. */
export async function makeBackup(source: BackupSource, directory: string, clock: Clock): Promise<Result<string>> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(directory)) if (name.includes('.partial')) rmSync(join(directory, name));
    const newest = listBackups(directory)[0];
    const number = Math.min(LAST_NUMBER, newest === undefined ? 1 : numberOf(newest) + 1);
    const partial = join(directory, 'next.partial');
    const copied = await source.copyTo(partial);
    if (!copied.ok) return copied;
    const checked = await checkLedgerFile(partial, clock);
    if (!checked.ok) return checked;
    syncFile(partial);
    const path = join(directory, `ledger-${String(number).padStart(8, '0')}.db`);
    renameSync(partial, path);
    syncDirectory(directory);
    for (const old of listBackups(directory).slice(BACKUPS_KEPT)) rmSync(join(directory, old));
    return ok(path);
  } catch (error) {
    return fail(codeOf(error) === 'ENOSPC' ? 'ledger.full' : 'ledger.unsafe', `backup: ${codeOf(error)}`);
  }
}

/** Names of the copies, newest first; none when the directory cannot be read. */
export function listBackups(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => NAME.test(name))
      .toSorted()
      .toReversed();
  } catch {
    return []; // the other partition is gone or was never made: the ladder then has no copy
  }
}

/** A copy that failed its check is kept under another name and counts no more. */
export function setBackupAside(directory: string, name: string): void {
  renameSync(join(directory, name), join(directory, `${name}.damaged`));
}

export function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function numberOf(name: string): number {
  return Number(NAME.exec(name)?.groups?.['number'] ?? 0);
}

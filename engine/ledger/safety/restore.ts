/** The ladder's work: a new database from the newest good backup and the black box, put in the place of the damaged one. */
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../../contract/clock.ts';
import { ok, type Result } from '../../../contract/outcome.schema.ts';
import { auditEvent } from '../audit-event.ts';
import { syncDirectory } from '../black-box.ts';
import { openLedger } from '../ledger.ts';
import { listBackups, setBackupAside, syncFile } from './backup.ts';
import type { BlackBoxHistory } from './black-box.schema.ts';
import { coversFrom, handOverOpen, replay, stepsAfter, type Replayed, type ReplayContext } from './black-box-replay.ts';
import { checkLedgerFile, lastRowOf } from './check-file.ts';
import type { SafeLedgerOptions } from './repair.ts';
import { setAside } from './set-aside.ts';

export interface Diagnosis {
  readonly why: string;
  /** The file at hand is whole and only older than it should be: it may be newer than any backup. */
  readonly isSound: boolean;
}

export interface Restored extends Replayed {
  /** What was wrong. */
  readonly why: string;
  /** Name of the backup it stands on, or of the old file itself; undefined when there was none. */
  readonly backup: string | undefined;
  /** Whether steps may be missing that neither backup nor black box knows. */
  readonly mayLack: boolean;
  /** Names of what was set aside. */
  readonly setAside: readonly string[];
  /** One line for people. */
  readonly summary: string;
}

export async function restoreLedger(
  options: SafeLedgerOptions,
  history: BlackBoxHistory,
  { why, isSound }: Diagnosis,
): Promise<Result<Restored>> {
  const { path, clock, chance } = options;
  const building = `${path}.restoring`;
  clear(building);
  const backup = await newestGood(options, building, isSound);
  const { blackBoxPath: _later, ...alone } = options;
  const opened = openLedger({ ...alone, path: building });
  if (!opened.ok) return opened;
  const context = { ledger: opened.value, chance, clock };
  const refilled = refill(context, history, backup);
  if (!refilled.ok) {
    opened.value.close();
    return refilled;
  }
  const aside = filesOf(path).flatMap((file) => setAside(file, clock) ?? []);
  const named = nameAnew(context, history, {
    ...refilled.value,
    why,
    backup,
    setAside: aside.map((file) => basename(file)),
  });
  opened.value.close();
  if (!named.ok) return named;
  syncFile(building);
  renameSync(building, path);
  syncDirectory(dirname(path));
  return named;
}

type Refilled = Replayed & Pick<Restored, 'mayLack'>;

function refill(context: ReplayContext, history: BlackBoxHistory, backup: string | undefined): Result<Refilled> {
  const position = context.ledger.position();
  // A fresh file has a name of its own; what the black box knows of older ones is all of it.
  const mayLack = backup === undefined ? history.damaged > 0 || beginsLate(history) : !coversFrom(history, position);
  const replayed = replay(context, stepsAfter(history, position));
  if (!replayed.ok) return replayed;
  if (!mayLack) return ok({ ...replayed.value, mayLack });
  const handed = handOverOpen(context);
  return handed.ok ? ok({ ...replayed.value, cases: replayed.value.cases + handed.value, mayLack }) : handed;
}

/** Whether the black box does not reach back to the first row there ever was, or there is none. */
function beginsLate({ lines }: BlackBoxHistory): boolean {
  const first = lines[0];
  return first === undefined || first.row > 1;
}

type Told = Omit<Restored, 'summary'>;

/** The new incarnation and the record of why there is one. */
function nameAnew({ ledger, clock }: ReplayContext, history: BlackBoxHistory, told: Told): Result<Restored> {
  const predecessor = told.backup === undefined ? history.lines.at(-1)?.incarnation : undefined;
  const started = ledger.beginIncarnation(predecessor);
  if (!started.ok) return started;
  const summary = summaryOf(told);
  const audited = ledger.record([auditEvent(clock, 'ledger.restored', summary)], 'audit');
  return audited.ok ? ok({ ...told, summary }) : audited;
}

function summaryOf({ why, backup, steps, torn, cases, mayLack }: Told): string {
  const base = backup === undefined ? 'no backup' : basename(backup);
  const lost = mayLack ? '; steps may be missing: compare with the provider bill' : '';
  return `${why}; ${base}, ${steps} steps replayed, ${torn} torn, ${cases} cases${lost}`;
}

/**
 * Puts at `building` the copy to stand on: the database at hand when it is sound and only old, unless a backup is newer. Its
 * name; undefined when there is none. Damaged backups are set aside on the way.
 */
async function newestGood(options: SafeLedgerOptions, building: string, isSound: boolean): Promise<string | undefined> {
  const { path, clock } = options;
  const own = isSound ? await copyOf(path, building, clock) : undefined;
  const ownRow = own?.ok ? own.value : undefined;
  const next = `${building}.next`;
  const backup = await newestBackup(options, next);
  if (backup && (ownRow === undefined || backup.row > ownRow)) {
    clear(building);
    renameSync(next, building);
    return backup.name;
  }
  clear(next);
  if (ownRow === undefined) clear(building);
  return ownRow === undefined ? undefined : basename(path);
}

/** Puts a checked copy of it at `to`. */
async function newestBackup(
  { backupDirectory, clock }: SafeLedgerOptions,
  to: string,
): Promise<{ readonly name: string; readonly row: number } | undefined> {
  if (backupDirectory === undefined) return undefined;
  for (const name of listBackups(backupDirectory)) {
    const copied = await copyOf(join(backupDirectory, name), to, clock);
    if (copied.ok) return { name, row: copied.value };
    if (copied.problem.code === 'ledger.corrupt') setBackupAside(backupDirectory, name);
  }
  return undefined;
}

/** A checked copy in one file; the last row of its journal. */
async function copyOf(from: string, to: string, clock: Clock): Promise<Result<number>> {
  clear(to);
  copyFileSync(from, to);
  if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${to}-wal`);
  const checked = await checkLedgerFile(to, clock);
  return checked.ok ? ok(lastRowOf(to)) : checked;
}

function clear(path: string): void {
  for (const file of filesOf(path)) rmSync(file, { force: true });
}

function filesOf(path: string): readonly string[] {
  return [path, `${path}-wal`, `${path}-shm`, `${path}-journal`].filter((file) => existsSync(file));
}

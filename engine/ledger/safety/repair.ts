/**
 * Opens the ledger, and when it is damaged, older than the black box or gone, makes it whole again (money-and-sync 1.7): set
 * aside, newest good backup, replay of the black box, new incarnation that names the old one. Everything is done in a file
 * beside it, which takes the ledger's name as the last step: a power cut on the way begins the ladder afresh.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fail, ok, type Problem, type Result } from '../../../contract/outcome.schema.ts';
import { auditEvent } from '../audit-event.ts';
import { earlierBlackBox } from '../black-box.ts';
import { openLedger, type Ledger, type LedgerOptions } from '../ledger.ts';
import { listBackups } from './backup.ts';
import { readHistory, type BlackBoxHistory } from './black-box.schema.ts';
import { compareBlackBox } from './compare-black-box.ts';
import { codeOf } from './error-code.ts';
import { restoreLedger, type Diagnosis, type Restored } from './restore.ts';
import { setAside } from './set-aside.ts';
import { backUpBeforeMigration } from './upgrade-backup.ts';

export interface SafeLedgerOptions extends LedgerOptions {
  /** Where copies are kept, on another partition; without it there are none. */
  readonly backupDirectory?: string;
  /** Found damaged while it was in use: restored without another look. */
  readonly condemned?: string;
  /** Makes room, such as by letting the ballast go; true when there is some. Asked once, when the file cannot be opened for want of it. */
  readonly makeRoom?: () => boolean;
}

export interface SafelyOpened {
  readonly ledger: Ledger;
  /** What the ladder did; undefined when the database was sound. */
  readonly restored?: Restored;
  /** For maintainers, each said once: `ledger.restored`, `ledger.blackBox`, `ledger.backup`. Also in the audit stream. */
  readonly notices: readonly Problem[];
}

/**
 * As `openLedger`, but `ledger.corrupt` is answered by the ladder. What it cannot answer is refused: another process has the
 * file, the disk is full or fails, a newer release wrote it.
 */
export async function openLedgerSafely(options: SafeLedgerOptions): Promise<Result<SafelyOpened>> {
  const opened = await climb(options);
  if (opened.ok || opened.problem.code !== 'ledger.full' || options.makeRoom?.() !== true) return opened;
  return climb(options);
}

async function climb(options: SafeLedgerOptions): Promise<Result<SafelyOpened>> {
  try {
    const history = historyOf(options);
    const why = seenFromOutside(options, history);
    if (why) return await restore(options, history, why);
    const isLogLost = lacksLog(options, history);
    const kept = await keepBeforeMigration(options);
    const opened = openLedger(options);
    if (!opened.ok && opened.problem.code === 'ledger.corrupt') {
      return await restore(options, history, { why: opened.problem.detail ?? 'damaged', isSound: false });
    }
    return opened.ok ? await compared(options, { history, isLogLost }, opened.value, kept) : opened;
  } catch (error) {
    // the file system refused what the ladder itself does: nothing was lost by that
    const code = codeOf(error);
    return fail(code === 'ENOSPC' ? 'ledger.full' : 'ledger.unsafe', `ladder: ${code}`);
  }
}

/** What shows without opening the database. */
function seenFromOutside(options: SafeLedgerOptions, history: BlackBoxHistory): Diagnosis | undefined {
  const { path, backupDirectory, condemned } = options;
  if (condemned !== undefined) return { why: condemned, isSound: false };
  const isThere = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
  const last = history.lines.at(-1);
  if (!isThere) {
    const isKnown = last !== undefined || (backupDirectory !== undefined && listBackups(backupDirectory).length > 0);
    // a write-ahead log beside an empty file is a database before its first checkpoint
    return isKnown && !existsSync(`${path}-wal`) ? { why: 'the database is missing', isSound: false } : undefined;
  }
  return undefined;
}

/** It was not closed, so its last commits stand in the log; SQLite takes a file without one for all there is. */
function lacksLog({ path }: SafeLedgerOptions, { lines }: BlackBoxHistory): boolean {
  const last = lines.at(-1);
  const wasOpen = last !== undefined && !('mark' in last && last.mark === 'closed');
  return wasOpen && !existsSync(`${path}-wal`);
}

/** The two records of the money against each other. */
async function compared(
  options: SafeLedgerOptions,
  { history, isLogLost }: { readonly history: BlackBoxHistory; readonly isLogLost: boolean },
  ledger: Ledger,
  notices: readonly Problem[],
): Promise<Result<SafelyOpened>> {
  const { blackBoxPath } = options;
  if (blackBoxPath === undefined) return ok({ ledger, notices });
  const found = compareBlackBox(history, ledger.position(), isLogLost);
  if (found.kind === 'same') return ok({ ledger, notices });
  ledger.close();
  if (found.kind === 'ledgerBehind') return restore(options, history, { why: found.detail, isSound: found.isSound });
  for (const file of [earlierBlackBox(blackBoxPath), blackBoxPath]) setAside(file, options.clock);
  const again = openLedger(options);
  if (!again.ok) return again;
  const notice: Problem = { code: 'ledger.blackBox', detail: found.detail };
  const event = auditEvent(options.clock, 'ledger.unsafe', `black box begun anew: ${found.detail}`);
  const told = again.value.record([event], 'audit');
  return told.ok ? ok({ ledger: again.value, notices: [...notices, notice] }) : told;
}

async function restore(
  options: SafeLedgerOptions,
  history: BlackBoxHistory,
  diagnosis: Diagnosis,
): Promise<Result<SafelyOpened>> {
  const restored = await restoreLedger(options, history, diagnosis);
  if (!restored.ok) return restored;
  const { blackBoxPath, clock } = options;
  if (history.damaged > 0 && blackBoxPath !== undefined) {
    for (const file of [earlierBlackBox(blackBoxPath), blackBoxPath]) setAside(file, clock);
  }
  const opened = openLedger(options);
  if (!opened.ok) return opened;
  const notice: Problem = { code: 'ledger.restored', detail: restored.value.summary.slice(0, 400) };
  return ok({ ledger: opened.value, restored: restored.value, notices: [notice] });
}

/** A release that cannot copy the database first changes its tables all the same: a kiosk that never starts helps nobody. */
async function keepBeforeMigration({ path, backupDirectory, clock }: SafeLedgerOptions): Promise<readonly Problem[]> {
  if (backupDirectory === undefined) return [];
  const kept = await backUpBeforeMigration(path, backupDirectory, clock);
  return kept.ok ? [] : [{ code: 'ledger.backup', detail: kept.problem.detail ?? kept.problem.code }];
}

/** Nothing when there is no black box; one that cannot be read at all throws. */
function historyOf({ blackBoxPath }: SafeLedgerOptions): BlackBoxHistory {
  return blackBoxPath === undefined || !existsSync(dirname(blackBoxPath))
    ? { lines: [], damaged: 0 }
    : readHistory(blackBoxPath);
}

/**
 * Failing system calls (money-and-sync 2.7 E): the disk answers EIO or ENOSPC, or the process is killed within a call, at any
 * sync, write, truncate, delete or open of the ledger's, the black box's and the platform's files.
 */
import { together, type Attack, type AttackOptions, type AttackReport } from '../attack.ts';
import { attackLedger } from './ledger-part.ts';
import { attackPlatform } from './platform-part.ts';

export const crashSyscall: Attack = {
  name: 'crash-syscall',
  promise: 'a disk that fails, fills up or stops in the middle of a call loses no row that was reported as done',
  usage: '[--part ledger|platform] [--case N, of the ledger without --part]',
  run,
};

async function run(options: AttackOptions): Promise<AttackReport> {
  const wanted = options.args['part'] ?? (options.args['case'] === undefined ? 'both' : 'ledger');
  if (!['both', 'ledger', 'platform'].includes(wanted)) throw new Error(`there is no part ${wanted}`);
  const reports: AttackReport[] = [];
  if (wanted !== 'platform') reports.push(await attackLedger(options));
  if (wanted !== 'ledger') reports.push(await attackPlatform(options));
  return together(reports);
}

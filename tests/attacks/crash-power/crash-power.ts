/**
 * Power cuts (money-and-sync 2.7 D). The real ledger, and the platform's real store, work on a recorded disk; at the points of
 * the recording the disks a power cut may leave are built and judged. Planted bugs show that a loss would be seen.
 */
import { together, type Attack, type AttackOptions, type AttackReport } from '../attack.ts';
import { bundleProgram } from '../support/bundled-program.ts';
import { buildRecorder } from './build-recorder.ts';
import { runPart } from './campaigns.ts';
import { ledgerPart } from './ledger-part.ts';
import { platformPart } from './platform-part.ts';

export const crashPower: Attack = {
  name: 'crash-power',
  promise: 'a power cut at any moment loses no commit that was reported as done, and leaves nothing that never was',
  usage: '[--part ledger|platform] [--campaign N, of the ledger without --part]',
  run,
};

async function run(options: AttackOptions): Promise<AttackReport> {
  const { part, campaign } = options.args;
  const wanted = part ?? (campaign === undefined ? 'both' : 'ledger');
  if (!['both', 'ledger', 'platform'].includes(wanted)) throw new Error(`there is no part ${wanted}`);
  const recorder = buildRecorder();
  const reports: AttackReport[] = [];
  if (wanted !== 'platform') reports.push(await attackLedger(options, recorder));
  if (wanted !== 'ledger') reports.push(await runPart(options, platformPart(options, recorder)));
  return together(reports);
}

async function attackLedger(options: AttackOptions, recorder: string): Promise<AttackReport> {
  const program = bundleProgram('crash-power/life.main.ts');
  try {
    return await runPart(options, ledgerPart(options, { recorder, program: program.path }));
  } finally {
    program.remove();
  }
}

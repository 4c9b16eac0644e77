/**
 * `npm run conformance [-- CLASS]`: the conformance suite with every byte of every conversation, not a sample of the long
 * ones as in `npm test`. Half an hour on two cores.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const wanted = process.argv[2];
const paths = wanted === undefined ? ['conformance.test.ts'] : [`drivers/${wanted}/conformance.test.ts`];
const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const run = spawnSync(process.execPath, [vitest, 'run', '--testTimeout=1800000', ...paths], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, CONFORMANCE: 'full' },
});
process.exitCode = run.status ?? 1;

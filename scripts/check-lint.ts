/** Runs the type-aware linter, which lives in a package of its own (scripts/linter/README.md). */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const BIN = join(import.meta.dirname, 'linter', 'node_modules', '.bin');
const linted = spawnSync(join(BIN, 'oxlint'), ['--format=unix', '--deny-warnings'], {
  stdio: 'inherit',
  env: { ...process.env, OXLINT_TSGOLINT_PATH: join(BIN, 'tsgolint') },
});
if (linted.error) process.stderr.write(`${linted.error.message}: npm install --no-save --prefix scripts/linter\n`);
process.exitCode = linted.status ?? 1;

/** `npm run format`: writes every file the way the format gate wants it, and the pages that are made from code. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemTable } from './operations/problem-table.ts';

writeFileSync(join(import.meta.dirname, '..', 'docs', 'operations', 'problems.md'), problemTable());
process.exitCode = spawnSync('prettier', ['--write', '--log-level=warn', '.'], { stdio: 'inherit' }).status ?? 1;

/** `npm run format`: writes every file the way the format gate wants it. */
import { spawnSync } from 'node:child_process';

process.exitCode = spawnSync('prettier', ['--write', '--log-level=warn', '.'], { stdio: 'inherit' }).status ?? 1;

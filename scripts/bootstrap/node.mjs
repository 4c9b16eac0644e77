/** Finds the project's Node and runs a script on it as if this process were that script. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

/** Type stripping without a flag, and the N-API version of our native packages. */
const NEEDED_NODE = 24;

const PARENT_CHECK_MS = 500;

export function findNode(root) {
  const bundled = join(root, 'node_modules', '.bin', 'node');
  // the bundled one is for glibc: where it does not start (musl, another processor) the machine's own may do
  if (existsSync(bundled) && spawnSync(bundled, ['--version']).status === 0) return bundled;
  return Number.parseInt(process.versions.node, 10) >= NEEDED_NODE ? process.execPath : undefined;
}

/** Resolves with the script's exit code; 128 + number when a signal ended it. */
export function runScript({ node, root, script, args }) {
  const child = spawn(node, [script, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      KIOSK_BOOTSTRAP: String(process.pid),
      PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
    },
  });
  // Ctrl-C in a terminal reaches the child by itself (same process group); a second copy would look like impatience.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  endWithNpm(child);
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${node} did not start: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** npm ends its shell when it is told to end, and the shell tells nobody: we notice that our parent has changed. */
function endWithNpm(child) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, PARENT_CHECK_MS).unref();
}

/** Starts the engine as a Node child process with a message channel. */
import { fork } from 'node:child_process';
import { portToChild } from '../engine/ports/child-port.ts';
import type { EngineLauncher } from '../shell/engine-keeper.ts';

/** `entry`: path of the engine's entry; `args`: its options (`--site`, `--data`, `--platform`). */
export function engineChild(entry: string, args: readonly string[]): EngineLauncher {
  return {
    start() {
      // the host's own flags (a debugger's port, a test runner's loader) are not the engine's
      const child = fork(entry, args, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      return {
        port: portToChild(child),
        pid: child.pid,
        onExit(listener) {
          child.once('exit', (code, signal) => listener(`engine ended: ${signal ?? `exit code ${code}`}`));
          child.once('error', (error) => {
            if (child.pid === undefined) listener(`engine did not start: ${error.message}`);
          });
        },
        end: () => void child.kill('SIGTERM'),
        kill: () => void child.kill('SIGKILL'),
      };
    },
  };
}

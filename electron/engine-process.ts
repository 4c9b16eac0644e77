/** The engine as a utility process: a native add-on that crashes takes it down, and not the window. */
import { utilityProcess } from 'electron';
import { portToUtility } from '../engine/ports/utility-port.ts';
import type { EngineLauncher } from '../shell/engine-keeper.ts';

/** `entry`: path of the built engine; `args`: its options. */
export function engineUtility(entry: string, args: readonly string[]): EngineLauncher {
  return {
    start() {
      const child = utilityProcess.fork(entry, [...args], { serviceName: 'kiosk-engine', stdio: 'inherit' });
      // asking a utility process to end is killing it: there is one signal, and it may not be refused
      const end = (): void => {
        child.kill();
      };
      return {
        port: portToUtility(child),
        get pid() {
          return child.pid;
        },
        onExit: (listener) => void child.once('exit', (code) => listener(`engine ended: exit code ${code}`)),
        end,
        kill: end,
      };
    },
  };
}

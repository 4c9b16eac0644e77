/** The engine as a utility process: a native add-on that crashes takes it down, and not the window. */
import { utilityProcess } from 'electron';
import type { Problem } from '../contract/outcome.schema.ts';
import { portToUtility } from '../engine/ports/utility-port.ts';
import type { EngineLauncher } from '../shell/engine-keeper.ts';
import { serveDeviceHosts } from './device-hosts.ts';

export interface EngineUtilityOptions {
  /** Path of the built engine. */
  readonly entry: string;
  /** Its options. */
  readonly args: readonly string[];
  readonly deviceHostEntry: string;
  readonly report: (problem: Problem) => void;
}

export function engineUtility({ entry, args, deviceHostEntry, report }: EngineUtilityOptions): EngineLauncher {
  return {
    start() {
      const child = utilityProcess.fork(entry, [...args], { serviceName: 'kiosk-engine', stdio: 'inherit' });
      serveDeviceHosts(child, { entry: deviceHostEntry, report });
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

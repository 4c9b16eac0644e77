/** What is started, with which arguments. Secrets lie in files that only their owner can read, never here. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildCommand } from './child.ts';
import type { StartOptions } from './options.ts';

export interface Programs {
  readonly platform: ChildCommand;
  readonly station: ChildCommand;
  host(platformUrl: string): ChildCommand;
  readonly hostKind: 'electron' | 'browser-host';
}

export interface ProgramInput {
  readonly root: string;
  readonly options: StartOptions;
  /** Electron's own binary, where it is there and a display to open its window on. */
  readonly electron: string | undefined;
}

/** The built main of the Electron host. */
const ELECTRON_ENTRY = 'dist/electron/main.mjs';

export function programs({ root, options, electron }: ProgramInput): Programs {
  const { dataDir, site } = options;
  const program = (name: string, command: string, args: readonly string[]): ChildCommand => ({
    name,
    command,
    args,
    cwd: root,
    logFile: join(dataDir, 'log', `${name}.log`),
  });
  const isElectron = electron !== undefined && options.withBrowser && existsSync(join(root, ELECTRON_ENTRY));
  return {
    platform: program('platform', process.execPath, [
      ...['platform/main.ts', '--data', join(dataDir, 'platform')],
      ...['--port', options.platformPort],
    ]),
    station: program('station', process.execPath, ['station/main.ts', '--site', site]),
    hostKind: isElectron ? 'electron' : 'browser-host',
    host(platformUrl) {
      const given = { site, data: dataDir, platform: platformUrl };
      const common = Object.entries(given).map(([name, value]) => `--${name}=${value}`);
      if (isElectron) return program('kiosk', electron, [ELECTRON_ENTRY, ...common]);
      const browser = options.withBrowser ? [] : ['--no-browser'];
      return program('kiosk', process.execPath, ['browser-host/main.ts', ...common, ...browser]);
    },
  };
}

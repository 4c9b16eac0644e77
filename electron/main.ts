/** Electron's main process: locks the window down, keeps engine and page running. Builds everything, decides nothing. */
import { join, resolve } from 'node:path';
import { app, BrowserWindow, ipcMain, Menu, powerSaveBlocker, protocol, session } from 'electron';
import type { Problem } from '../contract/outcome.schema.ts';
import { systemClock } from '../contract/clock.system.ts';
import { EngineKeeper } from '../shell/engine-keeper.ts';
import { outOfServiceAssets } from '../shell/out-of-service.ts';
import { relayPage } from '../shell/page-relay.ts';
import { answerAppRequest, APP_SCHEMES } from './app-protocol.ts';
import { APP_SCHEME } from './app-url.ts';
import { engineUtility } from './engine-process.ts';
import { filterKeys } from './key-filter.ts';
import { lockContents, lockRequests } from './navigation.ts';
import { servePages } from './page-port.ts';
import { watchPage } from './page-watch.ts';
import { lockPermissions } from './permissions.ts';
import { refusedSwitch } from './start-refusal.ts';
import { windowOptions } from './window-options.ts';

/** Built: `dist/electron/main.mjs`, with the renderer beside it in `dist/renderer`. */
const HERE = import.meta.dirname;
const RENDERER_DIR = resolve(HERE, '..', 'renderer');
/** In memory: its name does not begin with `persist:`. The default session is written to disk. */
const PARTITION = 'kiosk';
/** The public-service hotline of every Chinese city. */
const DEFAULT_TELEPHONE = '12345';
/** `EX_USAGE` of sysexits.h. */
const EXIT_REFUSED = 64;

/** One JSON object a line, as the browser host does. */
function say(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const report = (problem: Problem): void => say({ problem });

function option(name: string): string | undefined {
  const value = app.commandLine.getSwitchValue(name);
  return value === '' ? undefined : value;
}

function engineArguments(): string[] {
  const given = {
    site: option('site'),
    data: option('data') ?? app.getPath('userData'),
    platform: option('platform'),
    identity: option('identity'),
    records: option('records'),
    config: option('config'),
  };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}

function start(): void {
  Menu.setApplicationMenu(null);
  powerSaveBlocker.start('prevent-display-sleep');
  const telephone = option('telephone') ?? DEFAULT_TELEPHONE;
  const kioskSession = session.fromPartition(PARTITION, { cache: false });
  const assets = { rootDir: RENDERER_DIR, own: outOfServiceAssets(telephone) };
  kioskSession.protocol.handle(APP_SCHEME, (request) => answerAppRequest(assets, request));
  lockRequests(kioskSession);

  const launcher = engineUtility({
    entry: join(HERE, 'engine.mjs'),
    args: engineArguments(),
    deviceHostEntry: join(HERE, 'devices', 'device-host.main.mjs'),
    report,
  });
  const keeper = new EngineKeeper({ launcher, clock: systemClock, report });
  lockPermissions(kioskSession, () => keeper.lastView?.screen.kind === 'face-camera');
  endWith(keeper);
  const window = new BrowserWindow(windowOptions(join(HERE, 'preload.cjs'), kioskSession));
  const contents = window.webContents;
  window.once('ready-to-show', () => window.show());
  void contents.setVisualZoomLevelLimits(1, 1);
  filterKeys(contents);
  const watch = watchPage({ contents, keeper, clock: systemClock, report, exit: (code) => app.exit(code) });
  servePages({
    ipcMain,
    contents,
    onPage: (port) => relayPage(port, { keeper, clock: systemClock, telephone, report }),
    onAbuse: () => watch.recover('said too much that nobody understands'),
    report,
  });
  void keeper.start().then(() => say({ ready: true, browser: true, engine: keeper.pid ?? null }));
}

/** The engine is given its time to end before the process that holds it does. SIGTERM quits too: Electron sees to it. */
function endWith(keeper: EngineKeeper): void {
  let hasEnded = false;
  app.on('before-quit', (event) => {
    if (hasEnded) return;
    event.preventDefault();
    void keeper.close().then(() => {
      hasEnded = true;
      app.quit();
    });
  });
}

const refused = refusedSwitch(app.isPackaged, (name) => app.commandLine.hasSwitch(name), process.argv);
if (refused !== undefined) {
  process.stderr.write(`the kiosk does not start with --${refused}\n`);
  app.exit(EXIT_REFUSED);
} else if (!app.requestSingleInstanceLock()) {
  app.exit(0);
} else {
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged(APP_SCHEMES);
  // every contents there will ever be, not only the ones we mean to make
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(start);
}

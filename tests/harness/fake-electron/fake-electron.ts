/**
 * A strict fake of Electron: runs the built `main.mjs` and `preload.cjs` unchanged over chromium. It cannot show the OS
 * sandbox, context isolation, fuses or kiosk mode; it shows every wire that main connects, and refuses every wire it does
 * not know.
 */
import { EventEmitter } from 'node:events';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { provideElectron } from './electron-module.ts';
import { FakeApp } from './fake-app.ts';
import { FakeContents } from './fake-contents.ts';
import { FakePort } from './fake-message-channel.ts';
import { FakeSession } from './fake-session.ts';
import { FakeUtilityProcesses } from './fake-utility-process.ts';
import { strict } from './strict.ts';

export interface FakeElectronOptions {
  readonly browser: Browser;
  /** The built main file. */
  readonly mainFile: string;
  readonly userData: string;
  readonly switches?: Readonly<Record<string, string>>;
  readonly isPackaged?: boolean;
  readonly hasLock?: boolean;
}

export interface FakeElectronRun {
  readonly app: FakeApp;
  readonly ipcMain: EventEmitter;
  readonly utility: FakeUtilityProcesses;
  readonly sessions: readonly FakeSession[];
  readonly windows: readonly FakeWindow[];
  readonly menus: readonly unknown[];
  /** What was passed to `protocol.registerSchemesAsPrivileged`. */
  readonly schemes: readonly unknown[];
  readonly context: BrowserContext;
  /** The page of the first window, once main has made one. */
  page(): Promise<Page>;
  /** Quits as a person would, and waits until everything has gone. */
  close(): Promise<void>;
}

interface WindowOptions {
  readonly webPreferences: { readonly preload: string; readonly session: FakeSession };
}

export class FakeWindow extends EventEmitter {
  readonly options: WindowOptions;
  readonly webContents: FakeContents;
  isShown = false;

  constructor(options: WindowOptions, contents: FakeContents) {
    super();
    this.options = options;
    this.webContents = contents;
    contents.once('fake-load', () => this.emit('ready-to-show'));
  }

  show(): void {
    this.isShown = true;
  }
}

const PERMISSIONS = ['geolocation', 'notifications', 'midi', 'clipboard-read', 'clipboard-write'];

export async function startFakeElectron(options: FakeElectronOptions): Promise<FakeElectronRun> {
  const context = await options.browser.newContext({ acceptDownloads: true });
  const utility = new FakeUtilityProcesses();
  const ipcMain = new EventEmitter();
  const sessions: FakeSession[] = [];
  const windows: FakeWindow[] = [];
  const menus: unknown[] = [];
  const schemes: unknown[] = [];
  const firstWindow = Promise.withResolvers<FakeWindow>();

  const app = new FakeApp(
    {
      switches: options.switches ?? {},
      isPackaged: options.isPackaged ?? true,
      hasLock: options.hasLock ?? true,
      userData: options.userData,
    },
    async () => {
      for (const window of windows) window.webContents.destroy();
      utility.endAll();
      await context.close();
    },
  );
  const strictApp = strict('app', app);
  const strictSessions = new Map<FakeSession, FakeSession>();

  function openWindow(windowOptions: WindowOptions): object {
    const session = sessions.find((one) => strictSessions.get(one) === windowOptions.webPreferences.session);
    if (!session) throw new Error('fake-electron: a window on the default session is not modelled');
    grantWhatIsGranted(context, session);
    const contents = new FakeContents(
      context,
      session,
      windowOptions.webPreferences.preload,
      (channel, event, args) => {
        contents.lastEvent = { sender: strictContents, senderFrame: null, ...event };
        ipcMain.emit(channel, contents.lastEvent, ...args);
      },
    );
    const strictContents = strict('webContents', contents);
    app.emit('web-contents-created', {}, strictContents);
    const window = new FakeWindow(windowOptions, contents);
    windows.push(window);
    firstWindow.resolve(window);
    return strict('BrowserWindow', {
      webContents: strictContents,
      show: () => window.show(),
      on: window.on.bind(window),
      once: window.once.bind(window),
    });
  }

  const run = provideElectron({
    app: strictApp,
    // called with `new`, and returns the strict window instead of itself
    BrowserWindow: function BrowserWindow(windowOptions: WindowOptions) {
      return openWindow(windowOptions);
    },
    ipcMain: strict('ipcMain', { on: ipcMain.on.bind(ipcMain) }),
    Menu: strict('Menu', { setApplicationMenu: (menu: unknown) => void menus.push(menu) }),
    powerSaveBlocker: strict('powerSaveBlocker', { start: () => 1 }),
    protocol: strict('protocol', { registerSchemesAsPrivileged: (list: unknown[]) => void schemes.push(...list) }),
    session: strict('session', {
      fromPartition(partition: string, sessionOptions: unknown) {
        const session = new FakeSession(partition, sessionOptions);
        const strictSession = strict('session', session);
        sessions.push(session);
        strictSessions.set(session, strictSession);
        return strictSession;
      },
    }),
    // called with `new`, and returns the pair instead of itself
    MessageChannelMain: function MessageChannelMain() {
      return strict('MessageChannelMain', FakePort.pair());
    },
    utilityProcess: strict('utilityProcess', { fork: utility.fork.bind(utility) }),
  });
  await import(`${pathToFileURL(options.mainFile).href}?run=${run}`);

  return {
    app,
    ipcMain,
    utility,
    sessions,
    windows,
    menus,
    schemes,
    context,
    page: async () => (await firstWindow.promise).webContents.page,
    async close() {
      if (app.exitCode !== undefined) return;
      const exited = new Promise((resolve) => app.once('fake-exited', resolve));
      app.quit();
      await exited;
    },
  };
}

/** Chromium is granted beforehand what main's handler would grant when asked. */
function grantWhatIsGranted(context: BrowserContext, session: FakeSession): void {
  const details = { requestingUrl: 'app://kiosk/index.html', isMainFrame: true };
  const granted = PERMISSIONS.filter((permission) => session.asks(permission, details));
  if (session.asks('media', { ...details, mediaTypes: ['video'] })) granted.push('camera');
  if (session.asks('media', { ...details, mediaTypes: ['audio'] })) granted.push('microphone');
  void context.grantPermissions(granted).catch(() => undefined);
}

/** Where the files of a build stand. */
export const builtFiles = (outDir: string) => ({
  main: join(outDir, 'main.mjs'),
  preload: join(outDir, 'preload.cjs'),
  renderer: join(dirname(outDir), 'renderer'),
});

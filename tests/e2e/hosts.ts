/**
 * The hosts a kiosk can run in, behind one handle: the browser host, the built Electron main over the strict fake, and
 * real Electron where its binary is installed. A suite that takes `HOSTS` runs on each of them.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { engineChild } from '../../browser-host/engine-child.ts';
import { startBrowserHost } from '../../browser-host/host.ts';
import { findElectron } from '../../electron/find-electron.ts';
import { buildElectron } from '../../scripts/build-electron.ts';
import { buildPageGuard } from '../../scripts/build-page-guard.ts';
import { systemChance, systemClock } from '../../contract/clock.system.ts';
import { builtFiles, startFakeElectron, type FakeElectronRun } from '../harness/fake-electron/fake-electron.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');

/** What the kiosk is made of. */
export interface KioskParts {
  /** Directory of the built renderer. */
  readonly rendererDir: string;
  readonly engineEntry: string;
  /** `site`, `platform`, ...; `data` is a fresh directory unless given. */
  readonly options?: Readonly<Record<string, string>>;
}

export const STUB_PARTS: KioskParts = {
  rendererDir: join(ROOT, 'tests', 'support', 'stub-renderer'),
  engineEntry: join(ROOT, 'tests', 'support', 'stub-engine.ts'),
};

export interface RunningKiosk {
  readonly context: BrowserContext;
  /** The page that is shown now; another one after a crash. */
  page(): Promise<Page>;
  enginePid(): number | undefined;
  crashPage(): Promise<void>;
  /** The run of the fake, for what only its wiring can tell. */
  readonly fake?: FakeElectronRun;
  /** Addresses outside the kiosk that were reached. */
  escaped(): readonly string[];
  close(): Promise<void>;
}

export interface HostKind {
  readonly name: string;
  /** The address to which the page may connect, as its content policy says. */
  readonly connectTo: (page: Page) => string | undefined;
  /** Whether a crashed page comes back in the same browser; a kiosk browser is started again as a whole. */
  readonly revivesPage: boolean;
  start(browser: Browser, parts: KioskParts): Promise<RunningKiosk>;
}

const BROWSER_HOST: HostKind = {
  name: 'browser host',
  connectTo: (page) => `ws://${new URL(page.url()).host}`,
  revivesPage: false,
  async start(browser, parts) {
    const dataDir = mkdtempSync(join(tmpdir(), 'kiosk-'));
    const host = await startBrowserHost({
      engine: engineChild(parts.engineEntry, asArguments({ data: dataDir, ...parts.options })),
      rendererDir: parts.rendererDir,
      guardFile: await buildPageGuard(join(dataDir, 'page-guard.js')),
      port: 0,
      telephone: '12345',
      clock: systemClock,
      chance: systemChance,
      report: () => undefined,
    });
    const context = await browser.newContext();
    const escaped: string[] = [];
    context.on('response', (response) => {
      if (!response.url().startsWith(host.origin)) escaped.push(response.url());
    });
    const page = await context.newPage();
    await page.goto(host.newLaunchUrl());
    await page.waitForURL(`${host.origin}/`);
    return {
      context,
      page: () => Promise.resolve(page),
      enginePid: () => host.keeper.pid,
      crashPage: () => Promise.resolve(),
      escaped: () => escaped,
      async close() {
        await context.close();
        await host.close();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  },
};

export const FAKE_ELECTRON: HostKind = {
  name: 'built Electron main over the fake',
  connectTo: () => undefined,
  revivesPage: true,
  async start(browser, parts) {
    const dataDir = mkdtempSync(join(tmpdir(), 'kiosk-'));
    const built = await builtShell(parts);
    const switches = { data: dataDir, ...parts.options };
    const run = await startFakeElectron({ browser, mainFile: built.main, userData: dataDir, switches });
    await run.page();
    return {
      context: run.context,
      page: () => run.page(),
      enginePid: () => run.utility.running('kiosk-engine').at(-1)?.pid,
      crashPage: async () => run.windows[0]?.webContents.crash(),
      fake: run,
      escaped: () => run.windows[0]?.webContents.escaped ?? [],
      async close() {
        await run.close();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  },
};

function realElectron(executablePath: string): HostKind {
  return {
    name: 'Electron',
    connectTo: () => undefined,
    revivesPage: false,
    async start(_browser, parts) {
      const dataDir = mkdtempSync(join(tmpdir(), 'kiosk-'));
      const built = await builtShell(parts);
      const switches = asArguments({ data: dataDir, 'user-data-dir': dataDir, ...parts.options }, '=');
      const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      const electron = await _electron.launch({ executablePath, args: [...sandbox, built.main, ...switches] });
      const window = await electron.firstWindow();
      return {
        context: electron.context(),
        page: () => Promise.resolve(electron.windows()[0] ?? window),
        enginePid: () => undefined,
        crashPage: () => Promise.resolve(),
        escaped: () => [],
        async close() {
          await electron.close();
          rmSync(dataDir, { recursive: true, force: true });
        },
      };
    },
  };
}

const electronBinary = findElectron();

export const HOSTS: readonly HostKind[] = [
  BROWSER_HOST,
  FAKE_ELECTRON,
  ...(electronBinary === undefined ? [] : [realElectron(electronBinary)]),
];

function asArguments(options: Readonly<Record<string, string>>, joiner?: '='): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    joiner === undefined ? [`--${name}`, value] : [`--${name}${joiner}${value}`],
  );
}

const builds = new Map<string, Promise<ReturnType<typeof builtFiles>>>();

/** Electron's files around the given engine and renderer; inside the project, so that native modules are found. */
export function builtShell(parts: KioskParts): Promise<ReturnType<typeof builtFiles>> {
  const key = JSON.stringify([parts.engineEntry, parts.rendererDir]);
  const known = builds.get(key);
  if (known) return known;
  const buildDir = join(ROOT, 'dist', 'e2e', `${process.pid}-${builds.size}`);
  process.once('exit', () => rmSync(buildDir, { recursive: true, force: true }));
  const outDir = join(buildDir, 'electron');
  const files = builtFiles(outDir);
  const building = buildElectron({ outDir, engineEntry: parts.engineEntry }).then(() => {
    cpSync(parts.rendererDir, files.renderer, { recursive: true });
    return files;
  });
  builds.set(key, building);
  return building;
}

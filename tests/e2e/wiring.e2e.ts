/** What only the wires tell: every handler that the built main connected, asked directly. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { builtShell, STUB_PARTS } from './hosts.ts';
import {
  startFakeElectron,
  type FakeElectronOptions,
  type FakeElectronRun,
} from '../harness/fake-electron/fake-electron.ts';

const KIOSK = 'app://kiosk/index.html';
const FOREIGN = [
  'app://kiosk.evil/index.html',
  'app://kiosk@evil/index.html',
  'app://evil/index.html',
  'app://kiosk:1/index.html',
  'apps://kiosk/index.html',
  'https://kiosk/index.html',
  'file:///kiosk',
  'about:blank',
  'null',
  '',
];

let run: FakeElectronRun;
let userData: string;

async function start(page: Page, options: Partial<FakeElectronOptions> = {}): Promise<FakeElectronRun> {
  const browser = page.context().browser();
  if (!browser) throw new Error('no browser');
  const { main } = await builtShell(STUB_PARTS);
  run = await startFakeElectron({ browser, mainFile: main, userData, ...options });
  return run;
}

async function startUp(page: Page): Promise<Page> {
  const kioskPage = await (await start(page)).page();
  await expect(kioskPage.getByRole('heading')).toHaveText('Welcome 1');
  return kioskPage;
}

/** One Intent by the stub page's own bridge. */
async function say(kioskPage: Page, intent: object): Promise<void> {
  await kioskPage.evaluate((said) => {
    const { callForTest } = window as unknown as { callForTest(method: string, input: object): Promise<unknown> };
    return callForTest('send', said);
  }, intent);
}

const only = <Item>(list: readonly Item[]): Item => {
  if (list.length !== 1) throw new Error(`expected one, not ${list.length}`);
  return list[0] as Item;
};

test.beforeEach(() => {
  userData = mkdtempSync(join(tmpdir(), 'kiosk-'));
});
test.afterEach(async () => {
  await run.close();
  rmSync(userData, { recursive: true, force: true });
});

test('makes one window, with every switch where it belongs', async ({ page }) => {
  await startUp(page);
  const { webPreferences, ...window } = only(run.windows).options;
  const { preload, session, ...preferences } = webPreferences;
  expect(window).toMatchObject({ kiosk: true, fullscreen: true, frame: false, show: false });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    devTools: false,
    navigateOnDragDrop: false,
    disableDialogs: true,
    safeDialogs: true,
    spellcheck: false,
    backgroundThrottling: false,
  });
  expect(preload).toMatch(/preload\.cjs$/);
  expect(session.partition).toBe('kiosk');
  expect(only(run.sessions).options).toEqual({ cache: false });
  expect(run.app.isSandboxEnabled).toBe(true);
  expect(run.menus).toEqual([null]);
  expect(run.schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
  expect(only(run.windows).webContents.calls).toEqual(['setVisualZoomLevelLimits(1, 1)']);
  await expect.poll(() => only(run.windows).isShown).toBe(true);
});

test('grants the camera to its own page while that shows the camera, and nothing else to anyone', async ({ page }) => {
  const kioskPage = await startUp(page);
  const session = only(run.sessions);
  const own = { requestingUrl: KIOSK, isMainFrame: true };
  expect(session.asks('media', { ...own, mediaTypes: ['video'] })).toBe(false);
  expect(session.checks('media', 'app://kiosk', { ...own, mediaType: 'video' })).toBe(false);
  await say(kioskPage, { kind: 'next', page: 1 });
  await expect(kioskPage.getByRole('heading')).toHaveText('Camera 2');
  expect(session.asks('media', { ...own, mediaTypes: ['video'] })).toBe(true);
  expect(session.checks('media', 'app://kiosk', { ...own, mediaType: 'video' })).toBe(true);
  for (const mediaTypes of [['audio'], ['video', 'audio'], [], undefined]) {
    expect(session.asks('media', { ...own, ...(mediaTypes && { mediaTypes }) })).toBe(false);
  }
  for (const requestingUrl of FOREIGN) {
    const details = { requestingUrl, isMainFrame: true };
    expect(session.asks('media', { ...details, mediaTypes: ['video'] }), requestingUrl).toBe(false);
    expect(session.checks('media', requestingUrl, { ...details, mediaType: 'video' }), requestingUrl).toBe(false);
  }
  const framed = { requestingUrl: KIOSK, isMainFrame: false };
  expect(session.asks('media', { ...framed, mediaTypes: ['video'] })).toBe(false);
  for (const permission of [
    'geolocation',
    'notifications',
    'midi',
    'hid',
    'serial',
    'usb',
    'fullscreen',
    'openExternal',
    'clipboard-read',
    'pointerLock',
    'unknown',
  ]) {
    expect(session.asks(permission, own), permission).toBe(false);
    expect(session.checks(permission, 'app://kiosk', own), permission).toBe(false);
  }
  await say(kioskPage, { kind: 'back', page: 2 });
  await expect(kioskPage.getByRole('heading')).toHaveText('Welcome 3');
  expect(session.asks('media', { ...own, mediaTypes: ['video'] })).toBe(false);
  expect(session.devicePermission?.()).toBe(false);
  const streams: object[] = [];
  session.displayMedia?.({}, (answer) => streams.push(answer));
  expect(streams).toEqual([{}]);
  session.bluetoothPairing?.({}, (answer) => streams.push(answer));
  expect(streams.at(-1)).toEqual({ confirmed: false });
});

test('refuses every way out of the page', async ({ page }) => {
  await startUp(page);
  const { webContents } = only(run.windows);
  const session = only(run.sessions);
  const elsewhere = [...FOREIGN, 'app://kiosk/out-of-service.html', 'app://kiosk/index.html?x'];
  for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
    for (const url of elsewhere) {
      expect(
        isPrevented((event) => webContents.emit(name, event), url),
        `${name} ${url}`,
      ).toBe(true);
    }
  }
  expect(isPrevented((event) => session.emit('will-download', event), KIOSK)).toBe(true);
  for (const url of [...FOREIGN, KIOSK]) expect(webContents.windowOpenHandler?.({ url })).toEqual({ action: 'deny' });
  for (const url of FOREIGN) expect(session.isCancelled(url), url).toBe(true);
  expect(session.isCancelled(KIOSK)).toBe(false);
});

test('swallows the keys of the table before the page sees them', async ({ page }) => {
  await startUp(page);
  const { webContents } = only(run.windows);
  const plain = { control: false, alt: false, meta: false };
  const press = (key: string, modifiers: object = {}): boolean =>
    isPrevented((event) => webContents.emit('before-input-event', event, { key, ...plain, ...modifiers }), '');
  for (const key of ['F1', 'F5', 'F11', 'F12', 'Escape', 'BrowserBack', 'ContextMenu', 'PrintScreen']) {
    expect(press(key), key).toBe(true);
  }
  for (const key of ['r', 'w', 'q', 't', '+', 'Tab']) {
    expect(press(key, { control: true }), `Ctrl ${key}`).toBe(true);
    expect(press(key, { alt: true }), `Alt ${key}`).toBe(true);
    expect(press(key, { meta: true }), `Meta ${key}`).toBe(true);
  }
  for (const key of ['a', '7', 'Enter', 'Backspace', 'Tab']) expect(press(key), key).toBe(false);
});

test('does not hear a frame that is not its own page', async ({ page }) => {
  const kioskPage = await startUp(page);
  const { webContents } = only(run.windows);
  const { sender, senderFrame } = webContents.lastEvent ?? {};
  const message = { call: 900, method: 'send', input: { kind: 'start', page: 1 } };
  const forge = (event: object): void => void run.ipcMain.emit('kiosk:to-engine', event, message);
  for (const url of FOREIGN) forge({ sender, senderFrame: { ...senderFrame, url } });
  forge({ sender, senderFrame: null });
  forge({ sender, senderFrame: { url: KIOSK, parent: { url: KIOSK } } });
  forge({ sender: {}, senderFrame: { url: KIOSK, parent: null } });
  // an honest question, answered after all the forged ones would have been
  const before = await kioskPage.evaluate(() =>
    (globalThis as unknown as { callForTest(method: string, input: object): Promise<{ value: object }> }).callForTest(
      'view',
      {},
    ),
  );
  expect(before.value).toMatchObject({ page: 1, screen: { kind: 'attract' } });
  forge({ sender, senderFrame: { url: KIOSK, parent: null } });
  await expect(kioskPage.getByRole('heading')).toHaveText('Chosen 2');
});

test('gives the page a port and nothing behind it', async ({ page }) => {
  const kioskPage = await startUp(page);
  const shape = await kioskPage.evaluate(() => {
    const { kiosk } = globalThis as unknown as { kiosk: Record<string, unknown> };
    const globals = ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in globalThis);
    return { keys: Object.keys(kiosk), isFrozen: Object.isFrozen(kiosk), globals };
  });
  expect(shape).toEqual({ keys: ['post', 'onMessage', 'onClose'], isFrozen: true, globals: [] });
});

test('ends with 70 when the page falls over more than three times a minute', async ({ page }) => {
  await startUp(page);
  const { webContents } = only(run.windows);
  const exited = new Promise((resolve) => run.app.once('fake-exited', resolve));
  for (let count = 0; count < 3; count += 1) webContents.emit('render-process-gone', {}, { reason: 'oom' });
  expect(run.app.exitCode).toBeUndefined();
  webContents.emit('render-process-gone', {}, { reason: 'oom' });
  expect(run.app.exitCode).toBe(70);
  await exited;
});

test('crashes a page that hangs, so that it can be loaded again', async ({ page }) => {
  await startUp(page);
  only(run.windows).webContents.emit('unresponsive');
  await expect
    .poll(async () =>
      (await run.page())
        .getByRole('heading')
        .textContent({ timeout: 1_000 })
        .catch(() => ''),
    )
    .toBe('Welcome 1');
});

test('closes a page that talks nonsense, and loads it afresh', async ({ page }) => {
  const kioskPage = await startUp(page);
  const navigated = kioskPage.waitForEvent('framenavigated');
  await kioskPage.evaluate(() => {
    const { kiosk } = globalThis as unknown as { kiosk: { post(message: unknown): void } };
    for (let count = 0; count < 8; count += 1) kiosk.post({ call: count + 100, method: 'charge', input: {} });
  });
  await navigated;
  await expect(kioskPage.getByRole('heading')).toHaveText('Welcome 1');
});

test('shows the telephone number when the engine cannot be kept running', async ({ page }) => {
  const kioskPage = await startUp(page);
  for (let count = 1; count <= 4; count += 1) {
    await expect.poll(() => run.utility.forked.length).toBe(count);
    const child = run.utility.forked.at(-1)?.child;
    // one that answers already: a page shows its number
    if (count < 4) await expect(kioskPage.locator('#engine')).toHaveText(`engine ${child?.pid}`);
    child?.kill('SIGKILL');
  }
  await expect(kioskPage.getByText('12345')).toBeVisible();
});

test('hands the engine its options, and leaves no process when it quits', async ({ page }) => {
  const options = { switches: { site: 'demo-village', data: userData, platform: 'http://127.0.0.1:1' } };
  const kioskPage = await (await start(page, options)).page();
  await expect(kioskPage.getByRole('heading')).toHaveText('Welcome 1');
  const { args, child } = only(run.utility.forked);
  expect(args).toEqual(['--site', 'demo-village', '--data', userData, '--platform', 'http://127.0.0.1:1']);
  await run.close();
  expect(child.exitCode ?? child.signalCode).not.toBeNull();
  expect(run.app.exitCode).toBe(0);
});

test('starts four device hosts at most, and ends them with their engine', async ({ page }) => {
  await startUp(page);
  const engine = only(run.utility.forked);
  for (const group of ['../elsewhere', 'WIRES', '', 7]) engine.forge({ startDeviceHost: 9, group });
  engine.forge({ startDeviceHost: 9, group: 'wires', entry: '/bin/sh' });
  engine.forge({ startDeviceHost: 1, group: 'pcsc' });
  engine.forge({ startDeviceHost: 1, group: 'pcsc' });
  for (const number of [2, 3, 4, 5]) engine.forge({ startDeviceHost: number, group: 'wires' });
  const hosts = run.utility.forked.slice(1);
  const stdio = ['ignore', 'ignore', 'inherit'];
  expect(hosts.map(({ options }) => options)).toEqual([
    { serviceName: 'kiosk-devices-pcsc', stdio },
    ...Array.from({ length: 3 }, () => ({ serviceName: 'kiosk-devices-wires', stdio })),
  ]);
  for (const { entry, args } of hosts) {
    expect(entry).toMatch(/electron\/devices\/device-host\.main\.mjs$/);
    expect(args).toEqual([]);
  }
  engine.child.kill('SIGKILL');
  await expect.poll(() => hosts.filter(({ child }) => child.killed).length).toBe(4);
});

for (const name of [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'inspect',
  'inspect-brk',
  'disable-web-security',
]) {
  test(`does not start with --${name} once installed`, async ({ page }) => {
    await start(page, { switches: { [name]: '' } });
    expect(run.app.exitCode).toBe(64);
    expect(run.windows).toEqual([]);
  });
}

test('does not start twice', async ({ page }) => {
  await start(page, { hasLock: false });
  expect(run.app.exitCode).toBe(0);
  expect(run.windows).toEqual([]);
});

function isPrevented(emit: (event: object) => void, url: string): boolean {
  let prevented = false;
  emit({ url, preventDefault: () => (prevented = true) });
  return prevented;
}

/** Loosenings of the shell, one line each, and the test that must notice. */

export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly catcher: Catcher;
}

/** A vitest file, or the Playwright tests of a file whose titles hold some words. */
export type Catcher =
  | { readonly tool: 'vitest'; readonly file: string }
  | { readonly tool: 'playwright'; readonly file: string; readonly title: string };

const wiring = (title: string): Catcher => ({ tool: 'playwright', file: 'tests/e2e/wiring.e2e.ts', title });
const hosts = (title: string): Catcher => ({ tool: 'playwright', file: 'tests/e2e/hosts.e2e.ts', title });
const vitest = (file: string): Catcher => ({ tool: 'vitest', file });
const ATTACKS = vitest('tests/attacks/browser-host.test.ts');

export const SHELL_MUTANTS: readonly Mutant[] = [
  {
    name: 'sandbox off',
    file: 'electron/window-options.ts',
    from: 'sandbox: true',
    to: 'sandbox: false',
    catcher: wiring('makes one window'),
  },
  {
    name: 'context isolation off',
    file: 'electron/window-options.ts',
    from: 'contextIsolation: true',
    to: 'contextIsolation: false',
    catcher: wiring('makes one window'),
  },
  {
    name: 'sandbox not enabled for every process',
    file: 'electron/main.ts',
    from: 'app.enableSandbox();',
    to: '',
    catcher: wiring('makes one window'),
  },
  {
    name: 'session kept on disk',
    file: 'electron/main.ts',
    from: "const PARTITION = 'kiosk'",
    to: "const PARTITION = 'persist:kiosk'",
    catcher: wiring('makes one window'),
  },
  {
    name: 'scheme that bypasses the content policy',
    file: 'electron/app-protocol.ts',
    from: 'secure: true }',
    to: 'secure: true, bypassCSP: true }',
    catcher: wiring('makes one window'),
  },
  {
    name: 'sender not checked',
    file: 'electron/page-port.ts',
    from: 'if (isKioskSender(event, contents))',
    to: 'if (isKioskSender !== undefined || event)',
    catcher: wiring('does not hear a frame'),
  },
  {
    name: 'origin compared by its beginning',
    file: 'electron/app-url.ts',
    from: 'if (!URL.canParse(url)) return false;',
    to: 'if (url.startsWith(APP_ORIGIN)) return true;\n  if (!URL.canParse(url)) return false;',
    catcher: wiring('does not hear a frame'),
  },
  {
    name: 'frames inside the page may speak',
    file: 'electron/sender-check.ts',
    from: 'frame.parent === null && ',
    to: '',
    catcher: wiring('does not hear a frame'),
  },
  {
    name: 'windows may open',
    file: 'electron/navigation.ts',
    from: "action: 'deny'",
    to: "action: 'allow'",
    catcher: wiring('refuses every way out'),
  },
  {
    name: 'navigation allowed',
    file: 'electron/navigation.ts',
    from: "contents.on('will-navigate', refuse);",
    to: '',
    catcher: wiring('refuses every way out'),
  },
  {
    name: 'downloads allowed',
    file: 'electron/navigation.ts',
    from: "session.on('will-download', (event) => event.preventDefault());",
    to: '',
    catcher: wiring('refuses every way out'),
  },
  {
    name: 'requests to anywhere',
    file: 'electron/navigation.ts',
    from: 'cancel: !isKioskUrl(details.url)',
    to: 'cancel: details.url === undefined',
    catcher: wiring('refuses every way out'),
  },
  {
    name: 'microphone granted',
    file: 'electron/permissions.ts',
    from: "type === 'video'",
    to: "type !== 'unknown'",
    catcher: wiring('grants the camera'),
  },
  {
    name: 'permission check left to its default',
    file: 'electron/permissions.ts',
    from: 'session.setPermissionCheckHandler((_contents',
    to: 'void ((_contents: unknown',
    catcher: wiring('grants the camera'),
  },
  {
    name: 'key filter removed',
    file: 'electron/main.ts',
    from: '  filterKeys(contents);\n',
    to: '',
    catcher: wiring('swallows the keys'),
  },
  {
    name: 'event of the channel leaks to the page',
    file: 'electron/preload.ts',
    from: '(_event, message: unknown) => listener(message)',
    to: '(event, _message: unknown) => listener(event)',
    catcher: hosts('over the fake shows the first View'),
  },
  {
    name: 'Node in the preload',
    file: 'electron/preload.ts',
    from: "import { contextBridge, ipcRenderer } from 'electron';",
    to: "import { contextBridge, ipcRenderer } from 'electron';\nimport { hostname } from 'node:os';\nhostname();",
    catcher: hosts('over the fake shows the first View'),
  },
  {
    name: 'starts with a debugger',
    file: 'electron/start-refusal.ts',
    from: 'if (!isPackaged) return undefined;',
    to: 'if (isPackaged) return undefined;',
    catcher: wiring('does not start with'),
  },
  {
    name: 'starts twice',
    file: 'electron/main.ts',
    from: '!app.requestSingleInstanceLock()',
    to: 'app.exit === undefined',
    catcher: wiring('does not start twice'),
  },
  {
    name: 'page is reloaded for ever',
    file: 'electron/page-watch.ts',
    from: "if (budget.spend().kind === 'giveUp') exit(EXIT_PAGE_UNUSABLE);\n    else load();",
    to: 'if (budget !== undefined) load();\n    else exit(EXIT_PAGE_UNUSABLE);',
    catcher: wiring('ends with 70'),
  },
  {
    name: 'page guard without keys',
    file: 'shell/page-guard.ts',
    from: 'if (!isKeyAllowed(press)) swallow(event);',
    to: 'isKeyAllowed(press);',
    catcher: hosts('keys of the browser'),
  },
  {
    name: 'page guard without navigation',
    file: 'shell/page-guard.ts',
    from: '  guardNavigation(page);\n',
    to: '',
    catcher: hosts('browser host stays put'),
  },
  {
    name: 'inline scripts allowed',
    file: 'shell/security-headers.ts',
    from: `"script-src 'self'"`,
    to: `"script-src 'self' 'unsafe-inline'"`,
    catcher: vitest('shell/security-headers.test.ts'),
  },
  {
    name: 'links out of the renderer followed',
    file: 'shell/static-assets.ts',
    from: '!file.startsWith(root + sep) || ',
    to: '',
    catcher: vitest('shell/static-assets.test.ts'),
  },
  {
    name: 'a folder that begins like ours',
    file: 'shell/static-assets.ts',
    from: 'root + sep',
    to: 'root',
    catcher: vitest('shell/static-assets.test.ts'),
  },
  {
    name: 'noise never closes the page',
    file: 'shell/page-relay.ts',
    from: 'if (strikes.length >= MAX_STRIKES) page.close();',
    to: '',
    catcher: vitest('shell/page-relay.test.ts'),
  },
  {
    name: 'engine restarted for ever',
    file: 'shell/supervisor.ts',
    from: 'this.#restarts.length >= this.#limit.maxRestarts',
    to: 'this.#restarts.length < 0',
    catcher: vitest('shell/engine-keeper.test.ts'),
  },
  {
    name: 'ticket taken twice',
    file: 'browser-host/admission.ts',
    from: '    this.#tickets.delete(ticket);\n',
    to: '',
    catcher: ATTACKS,
  },
  {
    name: 'ticket lives for ever',
    file: 'browser-host/admission.ts',
    from: '|| this.#clock.now() > expiry',
    to: '',
    catcher: ATTACKS,
  },
  {
    name: 'cookie readable by scripts',
    file: 'browser-host/admission.ts',
    from: ' HttpOnly;',
    to: '',
    catcher: ATTACKS,
  },
  {
    name: 'any Host',
    file: 'browser-host/page-server.ts',
    from: "if (request.headers.host !== host) return end(response, 421, 'wrong host');",
    to: '',
    catcher: ATTACKS,
  },
  {
    name: 'pages without the cookie',
    file: 'browser-host/page-server.ts',
    from: "if (!options.admission.admits(request.headers.cookie)) return end(response, 403, 'not the kiosk browser');",
    to: '',
    catcher: ATTACKS,
  },
  {
    name: 'bridge for any origin',
    file: 'browser-host/bridge-server.ts',
    from: "if (request.headers.origin !== `http://${host()}`) return '403 Forbidden';",
    to: '',
    catcher: ATTACKS,
  },
  {
    name: 'bridge without the cookie',
    file: 'browser-host/bridge-server.ts',
    from: "if (!admission.admits(request.headers.cookie)) return '403 Forbidden';",
    to: 'void admission;',
    catcher: ATTACKS,
  },
  {
    name: 'two pages at once',
    file: 'browser-host/bridge-server.ts',
    from: "live?.close(CLOSE.policy, 'another page took over');",
    to: '',
    catcher: ATTACKS,
  },
  {
    name: 'messages of any size',
    file: 'browser-host/bridge-server.ts',
    from: 'maxPayload: MAX_MESSAGE_BYTES,',
    to: '',
    catcher: ATTACKS,
  },
  {
    name: 'listens on every address',
    file: 'browser-host/host.ts',
    from: "server.listen(port, '127.0.0.1',",
    to: 'server.listen(port,',
    catcher: ATTACKS,
  },
  {
    name: 'any number of device hosts',
    file: 'electron/device-hosts.ts',
    from: 'running.size >= MAX_DEVICE_HOSTS',
    to: 'running.size > 9_999',
    catcher: wiring('starts four device hosts'),
  },
  {
    name: 'device hosts outlive their engine',
    file: 'electron/device-hosts.ts',
    from: 'for (const host of running.values()) end(host);',
    to: '',
    catcher: wiring('starts four device hosts'),
  },
  {
    name: 'a dead device host is not told to its engine',
    file: 'engine/ports/device-host-request.ts',
    from: 'if (gone.ok) asked.get(gone.value.deviceHostGone)?.close();',
    to: '',
    catcher: vitest('engine/ports/device-host-request.test.ts'),
  },
];

import { expect, test, type Page } from '@playwright/test';
import { securityHeaders } from '../../shell/security-headers.ts';
import { HOSTS, STUB_PARTS, type RunningKiosk } from './hosts.ts';
import { CHROMIUM, CHROMIUM_ARGS } from './support/browser.ts';

/** With a camera and a microphone to be refused. */
const MEDIA_ARGS = [...CHROMIUM_ARGS, '--use-fake-device-for-media-stream'];
test.use({ launchOptions: { executablePath: CHROMIUM, args: MEDIA_ARGS } });

interface StubPage {
  callForTest(method: string, input: unknown): Promise<{ problem?: { code: string }; value?: unknown }>;
  violations?: string[];
}

for (const host of HOSTS) {
  test.describe(host.name, () => {
    let kiosk: RunningKiosk;
    let page: Page;
    test.beforeEach(async ({ browser }) => {
      kiosk = await host.start(browser, STUB_PARTS);
      page = await kiosk.page();
      await shows(page, 'Welcome 1');
    });
    test.afterEach(() => kiosk.close());

    test('shows the first View, takes an Intent, shows the next View', async () => {
      await page.getByRole('button').click();
      await shows(page, 'Chosen 2');
    });

    test('shows the same View again when the page is reloaded', async () => {
      await page.getByRole('button').click();
      await shows(page, 'Chosen 2');
      await page.reload();
      await shows(page, 'Chosen 2');
      await page.getByRole('button').click();
      await shows(page, 'Welcome 3');
    });

    if (host.revivesPage) {
      test('shows the same View again when the page crashed', async () => {
        await page.getByRole('button').click();
        await shows(page, 'Chosen 2');
        await kiosk.crashPage();
        await expect.poll(async () => titleOf(await kiosk.page())).toBe('Chosen 2');
      });
    }

    test('comes back when the engine is killed', async () => {
      const before = await page.locator('#engine').textContent();
      const pid = Number(before?.replace('engine ', ''));
      await page.getByRole('button').click();
      await shows(page, 'Chosen 2');
      process.kill(pid, 'SIGKILL');
      await shows(page, 'Welcome 1');
      await expect(page.locator('#engine')).not.toHaveText(before ?? '');
    });

    test('answers an unknown Intent with a problem, and nothing changes', async () => {
      const answer = await page.evaluate(() =>
        (globalThis as unknown as StubPage).callForTest('send', { kind: 'open-locker', page: 1 }),
      );
      expect(answer.problem?.code).toBe('kiosk.badMessage');
      await page.reload();
      await shows(page, 'Welcome 1');
    });

    test('sends the headers, word for word', async () => {
      const headers = (await page.reload())?.headers() ?? {};
      for (const [name, value] of Object.entries(securityHeaders(host.connectTo(page)))) {
        expect(headers[name.toLowerCase()], name).toBe(value);
      }
    });

    test('breaks no rule of its own policy in normal use', async () => {
      await collectViolations(page);
      await page.getByRole('button').click();
      await shows(page, 'Chosen 2');
      await expect(page.getByRole('heading')).toHaveCSS('color', 'rgb(1, 2, 3)');
      expect(await violations(page)).toEqual([]);
    });

    policyProbes(() => page);
    lockDown(
      () => page,
      () => kiosk,
    );
  });
}

/** Each probe runs from a timer: what the test tool itself evaluates is exempt from the page's policy. */
function policyProbes(page: () => Page): void {
  const PROBES: readonly (readonly [string, string, string])[] = [
    [
      'an inline script',
      `const s = document.createElement('script'); s.append('globalThis.escaped = 1'); document.head.append(s)`,
      'require-trusted-types-for',
    ],
    [
      'a foreign script',
      `const s = document.createElement('script'); s.setAttribute('src', 'https://evil.example/x.js'); document.head.append(s)`,
      'require-trusted-types-for',
    ],
    ['eval', `eval('globalThis.escaped = 1')`, 'require-trusted-types-for'],
    ['Function', `new Function('globalThis.escaped = 1')()`, 'require-trusted-types-for'],
    [
      'markup from a string',
      `document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="globalThis.escaped=1">')`,
      'require-trusted-types-for',
    ],
    ['a policy that trusts a string', `trustedTypes.createPolicy('own', { createHTML: (x) => x })`, 'trusted-types'],
    ['a request elsewhere', `void fetch('https://evil.example/').catch(() => {})`, 'connect-src'],
    ['a request to its own origin', `void fetch('/index.html').catch(() => {})`, 'connect-src'],
    ['a socket elsewhere', `new WebSocket('wss://evil.example/')`, 'connect-src'],
    [
      'a frame',
      `const f = document.createElement('iframe'); f.setAttribute('src', '/index.html'); document.body.append(f)`,
      'frame-src',
    ],
    ['a foreign picture', `new Image().src = 'https://evil.example/x.png'`, 'img-src'],
    [
      'an inline style',
      `const s = document.createElement('style'); s.append('h1{color:red}'); document.head.append(s)`,
      'style-src-elem',
    ],
    [
      'a base for its links',
      `const b = document.createElement('base'); b.href = 'https://evil.example/'; document.head.append(b)`,
      'base-uri',
    ],
    ['a worker', `new Worker(URL.createObjectURL(new Blob(['1'])))`, 'require-trusted-types-for'],
  ];
  test('does not let the page turn strings into code, nor reach out', async () => {
    await collectViolations(page());
    for (const [what, code, directive] of PROBES) {
      await page().evaluate((source) => {
        (globalThis as unknown as StubPage).violations?.splice(0);
        // made here, where it is allowed; what it does runs later, where it is not
        const probe = (0, eval)(`() => { try { ${source} } catch (error) { void error } }`) as () => void;
        setTimeout(probe, 0);
      }, code);
      await expect.poll(() => violations(page()), what).toContain(directive);
      expect(await page().evaluate(() => 'escaped' in globalThis), what).toBe(false);
    }
  });
}

function lockDown(page: () => Page, kiosk: () => RunningKiosk): void {
  const LINKS = [
    'https://evil.example/',
    'file:///etc/passwd',
    'mailto:a@evil.example',
    'chrome://version/',
    'javascript:document.title="escaped"',
    'view-source:https://evil.example/',
    'data:text/html,escaped',
    '/stub.css',
  ];
  test('stays put wherever it is led', async () => {
    const before = page().url();
    for (const url of LINKS) {
      await page().evaluate((target) => {
        const link = document.createElement('a');
        link.setAttribute('href', target);
        link.append(`to ${target}`);
        document.body.append(link);
        setTimeout(() => location.assign(target), 0);
        setTimeout(() => void window.open(target), 0);
      }, url);
      await page().getByText(`to ${url}`, { exact: true }).click();
    }
    await staysAt(before);
  });

  async function staysAt(before: string): Promise<void> {
    // the page answers and its engine does: whatever was begun has had its turn
    await page().getByRole('button').click();
    await shows(page(), 'Chosen 2');
    expect(page().url()).toBe(before);
    expect(await page().title()).toBe('Stub');
    await expect.poll(() => kiosk().context.pages().length).toBe(1);
    expect(kiosk().escaped()).toEqual([]);
  }

  test('opens no second window and downloads nothing', async () => {
    const downloads: string[] = [];
    page().on('download', (download) => downloads.push(download.url()));
    const before = page().url();
    await page().evaluate(() => {
      for (const [name, attributes] of [
        ['blank', { href: '/index.html', target: '_blank' }],
        ['save', { href: '/stub.css', download: 'x.css' }],
      ] as const) {
        const link = document.createElement('a');
        for (const [attribute, value] of Object.entries(attributes)) link.setAttribute(attribute, value);
        link.append(name);
        document.body.append(link);
      }
    });
    await page().getByText('blank').click();
    await page()
      .getByText('blank')
      .click({ modifiers: ['Control'] });
    await page()
      .getByText('blank')
      .click({ modifiers: ['Shift'] });
    await page().getByText('blank').click({ button: 'middle' });
    await page().getByText('save').click();
    await staysAt(before);
    expect(downloads).toEqual([]);
  });

  test('gives the page no power: no camera, no microphone, no place, no notifications', async () => {
    const refusals = await page().evaluate(async () => {
      const name = (error: unknown): string => (error as DOMException).name;
      const media = (wanted: object): Promise<string> =>
        navigator.mediaDevices.getUserMedia(wanted).then(() => 'granted', name);
      const audio = await media({ audio: true });
      const video = await media({ video: true });
      const place = await new Promise((settle) => {
        navigator.geolocation.getCurrentPosition(
          () => settle('granted'),
          (error) => settle(error.code),
        );
      });
      const notifications = await Notification.requestPermission();
      return { audio, video, place, notifications };
    });
    // no camera either, as long as the page does not show the one screen that needs it
    const video = 'NotAllowedError';
    expect(refusals).toEqual({ audio: 'NotAllowedError', video, place: 1, notifications: 'denied' });
  });

  test('prevents context menu, drag and drop, zooming and the keys of the browser', async () => {
    const allowed = await page().evaluate(() => {
      const target = document.querySelector('h1') as HTMLElement;
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'x.html', { type: 'text/html' }));
      const common = { bubbles: true, cancelable: true };
      const events = [
        new MouseEvent('contextmenu', common),
        new MouseEvent('auxclick', { ...common, button: 1 }),
        new DragEvent('dragstart', common),
        new DragEvent('dragover', { ...common, dataTransfer: data }),
        new DragEvent('drop', { ...common, dataTransfer: data }),
        new WheelEvent('wheel', { ...common, ctrlKey: true, deltaY: 100 }),
        new KeyboardEvent('keydown', { ...common, key: 'F11' }),
        new KeyboardEvent('keydown', { ...common, key: 't', ctrlKey: true }),
      ];
      return events.filter((event) => target.dispatchEvent(event)).map((event) => event.type);
    });
    expect(allowed).toEqual([]);
    await page().getByRole('heading').click({ button: 'right' });
    await page().keyboard.down('Control');
    await page().mouse.wheel(0, -300);
    await page().keyboard.up('Control');
    expect(await page().evaluate(() => [window.visualViewport?.scale, window.devicePixelRatio])).toEqual([1, 1]);
  });

  test('lets typing through and swallows the keys of the browser', async () => {
    const before = page().url();
    await page().getByLabel('typed').focus();
    for (const key of ['Control+p', 'Control+t', 'Control+n', 'F1', 'F11', 'Alt+Home', 'Escape', 'Control+Shift+i']) {
      await page().keyboard.press(key);
    }
    await page().keyboard.type('Ab7');
    await page().keyboard.press('Backspace');
    await expect(page().getByLabel('typed')).toHaveValue('Ab');
    await staysAt(before);
  });
}

async function shows(page: Page, title: string): Promise<void> {
  await expect(page.getByRole('heading')).toHaveText(title);
}

async function titleOf(page: Page): Promise<string> {
  return page
    .getByRole('heading')
    .textContent({ timeout: 1_000 })
    .then(
      (text) => text ?? '',
      () => '',
    );
}

async function collectViolations(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { violations: seen });
    addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
  });
  const title = await page.getByRole('heading').textContent();
  await page.reload();
  await shows(page, title ?? '');
}

function violations(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as StubPage).violations ?? []);
}

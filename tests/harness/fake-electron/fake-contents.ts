/**
 * `webContents` over a Playwright page. The app scheme becomes an https origin that is answered by `page.route`; the
 * addresses that main sees are put back.
 */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserContext, CDPSession, Frame, Page, Route } from '@playwright/test';
import type { FakeSession } from './fake-session.ts';
import { IPC_BINDING, preloadScript } from './preload-runner.ts';
import { assertPlain } from './strict.ts';

export const PAGE_ORIGIN = 'https://kiosk.app-scheme.test';
const APP_ORIGIN = 'app://kiosk';

export const toPageUrl = (url: string): string => url.replace(APP_ORIGIN, PAGE_ORIGIN);
export const toAppUrl = (url: string): string => url.replace(PAGE_ORIGIN, APP_ORIGIN);

type SendToMain = (channel: string, event: object, args: readonly unknown[]) => void;
type WindowOpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' };

export class FakeContents extends EventEmitter {
  readonly calls: string[] = [];
  windowOpenHandler: WindowOpenHandler | undefined;
  /** Requests that were let out of the kiosk. */
  readonly escaped: string[] = [];
  /** The last honest message of the page, for forging others. */
  lastEvent: { readonly sender: object; readonly senderFrame: object | null } | undefined;
  readonly #context: BrowserContext;
  readonly #session: FakeSession;
  readonly #preload: string;
  readonly #sendToMain: SendToMain;
  #page: Promise<Page>;
  #expectedUrl = '';
  #isDestroyed = false;

  constructor(context: BrowserContext, session: FakeSession, preloadFile: string, sendToMain: SendToMain) {
    super();
    this.#context = context;
    this.#session = session;
    this.#preload = preloadScript(readFileSync(preloadFile, 'utf8'), PAGE_ORIGIN);
    this.#sendToMain = sendToMain;
    this.#page = this.#openPage();
  }

  /** The page that is shown now; another one after a crash. */
  get page(): Promise<Page> {
    return this.#page;
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.windowOpenHandler = handler;
  }

  setVisualZoomLevelLimits(minimum: number, maximum: number): Promise<void> {
    this.calls.push(`setVisualZoomLevelLimits(${minimum}, ${maximum})`);
    return Promise.resolve();
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  destroy(): void {
    this.#isDestroyed = true;
  }

  async loadURL(url: string): Promise<void> {
    this.#expectedUrl = toPageUrl(url);
    const page = await this.#page;
    try {
      await page.goto(this.#expectedUrl);
    } catch (error) {
      // a page that is going away, or a load that another load replaced
      if (!this.#isDestroyed && !String(error).includes('ERR_ABORTED'))
        this.emit('did-fail-load', {}, -2, String(error), url, true);
    }
  }

  send(channel: string, ...args: unknown[]): void {
    args.forEach(assertPlain);
    void this.#deliver(channel, args);
  }

  forcefullyCrashRenderer(): void {
    void this.crash();
  }

  async crash(): Promise<void> {
    const page = await this.#page;
    const devtools: CDPSession = await this.#context.newCDPSession(page);
    // never answered: what would answer is gone
    devtools.send('Page.crash').catch(() => undefined);
  }

  async #deliver(channel: string, args: readonly unknown[]): Promise<void> {
    const page = await this.#page;
    await page
      .evaluate(
        ([name, list]) => {
          const { fakeElectronDeliver } = globalThis as unknown as {
            fakeElectronDeliver?: (...all: unknown[]) => void;
          };
          fakeElectronDeliver?.(name, list);
        },
        [channel, args] as const,
      )
      .catch(() => undefined); // the document is gone, and with it whoever would have listened
  }

  async #openPage(): Promise<Page> {
    const page = await this.#context.newPage();
    await page.exposeBinding(IPC_BINDING, ({ frame }: { frame: Frame }, channel: string, args: readonly unknown[]) => {
      args.forEach(assertPlain);
      this.#sendToMain(channel, this.frameEvent(frame), args);
    });
    await page.addInitScript(this.#preload);
    await page.route('**/*', (route) => this.#answer(route));
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame() && frame.url() !== 'about:blank')
        this.emit('did-navigate', {}, toAppUrl(frame.url()));
    });
    page.on('load', () => this.emit('fake-load'));
    page.on('popup', (popup) => void this.#judgePopup(popup));
    page.on('download', (download) => {
      let isPrevented = false;
      this.#session.emit('will-download', { preventDefault: () => (isPrevented = true) });
      if (isPrevented) void download.cancel();
      else this.escaped.push(download.url());
    });
    page.on('crash', () => {
      this.#page = this.#openPage();
      void page.close();
      this.emit('render-process-gone', {}, { reason: 'crashed' });
    });
    return page;
  }

  frameEvent(frame: Pick<Frame, 'url' | 'parentFrame'>): object {
    const parent = frame.parentFrame();
    return { senderFrame: { url: toAppUrl(frame.url()), parent } };
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const url = toAppUrl(request.url());
    if (request.isNavigationRequest() && request.url() !== this.#expectedUrl && this.#isNavigationRefused(url)) {
      return route.fulfill({ status: 204 }); // the page stays
    }
    if (this.#session.isCancelled(url)) return route.abort('blockedbyclient');
    const handler = this.#session.schemes.get(new URL(url).protocol.slice(0, -1));
    if (!handler) {
      this.escaped.push(url);
      return route.fulfill({ status: 200, contentType: 'text/html', body: '<title>escaped</title>' });
    }
    const response = await handler(new Request(url, { method: request.method() }));
    const body = Buffer.from(await response.arrayBuffer());
    await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body });
  }

  #isNavigationRefused(url: string): boolean {
    let isPrevented = false;
    this.emit('will-navigate', { url, preventDefault: () => (isPrevented = true) });
    return isPrevented;
  }

  async #judgePopup(popup: Page): Promise<void> {
    // as Electron: without a handler windows open
    const action = this.windowOpenHandler?.({ url: toAppUrl(popup.url()) }).action ?? 'allow';
    if (action === 'deny') await popup.close();
    else this.escaped.push(popup.url());
  }
}

/**
 * The page's channel as a `Port`, one for every document: a page that was reloaded counts its calls from one again, and
 * must not be given the answer to a call of the page before.
 */
import type { IpcMain, WebContents } from 'electron';
import { problem, type Problem } from '../contract/outcome.schema.ts';
import type { Port } from '../contract/rpc.ts';
import { TO_ENGINE, TO_PAGE } from './channels.ts';
import { isKioskSender } from './sender-check.ts';

export interface PagePortOptions {
  readonly ipcMain: IpcMain;
  readonly contents: WebContents;
  readonly onPage: (port: Port) => void;
  /** The page said too much that nobody understands. */
  readonly onAbuse: () => void;
  readonly report: (problem: Problem) => void;
}

export function servePages(options: PagePortOptions): void {
  const { ipcMain, contents, onPage, report } = options;
  let page = new PagePort(contents, options.onAbuse);
  onPage(page);
  contents.on('did-navigate', () => {
    page.end();
    page = new PagePort(contents, options.onAbuse);
    onPage(page);
  });
  ipcMain.on(TO_ENGINE, (event, message: unknown) => {
    if (isKioskSender(event, contents)) page.receive(message);
    else report(problem('kiosk.badMessage', 'message from a foreign frame'));
  });
}

class PagePort implements Port {
  readonly #contents: WebContents;
  readonly #onAbuse: () => void;
  readonly #messageListeners: ((message: unknown) => void)[] = [];
  readonly #closeListeners: (() => void)[] = [];
  #isOpen = true;

  constructor(contents: WebContents, onAbuse: () => void) {
    this.#contents = contents;
    this.#onAbuse = onAbuse;
  }

  receive(message: unknown): void {
    if (this.#isOpen) for (const listener of this.#messageListeners) listener(message);
  }

  /** The document is gone. */
  end(): void {
    this.#isOpen = false;
    for (const listener of this.#closeListeners.splice(0)) listener();
  }

  post(message: unknown): void {
    if (this.#isOpen && !this.#contents.isDestroyed()) this.#contents.send(TO_PAGE, message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messageListeners.push(listener);
  }

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.end();
    this.#onAbuse();
  }
}

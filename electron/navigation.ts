/** The page stays put: no navigation, no second window, no download, no request that is not for our own files. */
import type { Session, WebContents } from 'electron';
import { INDEX_URL, isKioskUrl } from './app-url.ts';

interface NavigationEvent {
  preventDefault(): void;
  readonly url: string;
}

/** The renderer is one page: it may be shown again, and no other address of ours is a place to go. */
export function lockContents(contents: WebContents): void {
  const refuse = (event: NavigationEvent): void => {
    if (event.url !== INDEX_URL) event.preventDefault();
  };
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

export function lockRequests(session: Session): void {
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !isKioskUrl(details.url) }));
  session.on('will-download', (event) => event.preventDefault());
}

/** Which frame may speak to the engine: the main frame of our window, showing our own page. */
import { isKioskUrl } from './app-url.ts';

/** What is needed of Electron's `IpcMainEvent`. */
export interface SenderEvent {
  readonly sender: object;
  /** Null when the frame has gone or navigated before its message was handled. */
  readonly senderFrame: { readonly url: string; readonly parent: object | null } | null;
}

export function isKioskSender(event: SenderEvent, ownContents: object): boolean {
  const frame = event.senderFrame;
  return event.sender === ownContents && frame !== null && frame.parent === null && isKioskUrl(frame.url);
}

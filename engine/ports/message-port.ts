/** One end of Electron's `MessageChannelMain` as a `Port`. Written against its shape, like `utility-port.ts`. */
import type { Port } from '../../contract/rpc.ts';

/** `MessagePortMain`. Keeps what arrives until it is started; `close` tells that the other end has gone. */
export interface UtilityMessagePort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** The listeners of `onClose` hear of either end closing, once; one that comes later is called at once. */
export function portToMessagePort(end: UtilityMessagePort): Port {
  const closeListeners: (() => void)[] = [];
  let isOpen = true;
  function tellClosed(): void {
    isOpen = false;
    for (const listener of closeListeners.splice(0)) listener();
  }
  end.on('close', tellClosed);
  return {
    post(message) {
      if (isOpen) end.postMessage(message);
    },
    onMessage(listener) {
      end.on('message', (event) => listener(event.data));
      end.start();
    },
    onClose(listener) {
      if (isOpen) closeListeners.push(listener);
      else listener();
    },
    close() {
      if (!isOpen) return;
      end.close();
      tellClosed();
    },
  };
}

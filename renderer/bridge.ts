/**
 * The page's end of the wire. Under Electron the preload has put a port on `window.kiosk`; in the browser host the page
 * opens a WebSocket to `bridge` on its own origin, one JSON message per frame.
 */
import type { Clock } from '../contract/clock.ts';
import type { KioskBridge } from '../contract/kiosk.rpc.ts';
import type { Port } from '../contract/rpc.ts';

declare global {
  interface Window {
    readonly kiosk?: KioskBridge;
  }
}

export interface Wire {
  readonly port: Port;
  /** Comes back with a fresh page as soon as somebody answers again; looks every `everyMs`. */
  reloadWhenBack(clock: Clock, everyMs: number): void;
}

export function openWire(page: Window): Wire {
  return page.kiosk ? preloadWire(page, page.kiosk) : socketWire(page);
}

function preloadWire(page: Window, bridge: KioskBridge): Wire {
  return {
    port: {
      post: (message) => bridge.post(message),
      onMessage: (listener) => bridge.onMessage(listener),
      onClose: (listener) => bridge.onClose(listener),
      close: () => undefined,
    },
    // The shell itself answers for the page's files, so a plain reload always finds somebody.
    reloadWhenBack: (clock, everyMs) => void clock.after(everyMs, () => page.location.reload()),
  };
}

function socketWire(page: Window): Wire {
  return {
    port: socketPort(new WebSocket(bridgeUrl(page))),
    reloadWhenBack: (clock, everyMs) => void clock.after(everyMs, () => probe(page, clock, everyMs)),
  };
}

/** Reloading while nobody answers would leave the browser's own error page behind: knock first. */
function probe(page: Window, clock: Clock, everyMs: number): void {
  const socket = new WebSocket(bridgeUrl(page));
  socket.addEventListener('open', () => page.location.reload());
  socket.addEventListener('error', () => void clock.after(everyMs, () => probe(page, clock, everyMs)), { once: true });
}

function bridgeUrl(page: Window): string {
  const url = new URL('bridge', page.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = '';
  url.hash = '';
  return url.href;
}

/** A Port over a WebSocket; what is posted before it is open waits. */
export function socketPort(socket: WebSocket): Port {
  const waiting: string[] = [];
  socket.addEventListener('open', () => {
    for (const text of waiting.splice(0)) socket.send(text);
  });
  return {
    post(message) {
      const text = JSON.stringify(message);
      if (socket.readyState === WebSocket.CONNECTING) waiting.push(text);
      else if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    onMessage(listener) {
      socket.addEventListener('message', (event) => {
        const message = decode(event.data);
        if (message !== undefined) listener(message);
      });
    },
    onClose: (listener) => socket.addEventListener('close', listener, { once: true }),
    close: () => socket.close(),
  };
}

function decode(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}

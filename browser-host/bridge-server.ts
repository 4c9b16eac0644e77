/**
 * The WebSocket half: `/bridge`, for our own page in our own browser. Needs the cookie and the exact origin (a WebSocket
 * is not bound by the same-origin policy), has one live client, and closes a client that says too much.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { problem, type Problem } from '../contract/outcome.schema.ts';
import type { Port } from '../contract/rpc.ts';
import type { Admission } from './admission.ts';
import { decodeMessage, encodeMessage, MAX_MESSAGE_BYTES } from './plain-json.codec.ts';

const BRIDGE_PATH = '/bridge';
/** A page that does not read is a page that hangs. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/** Close codes of RFC 6455 7.4.1 and its registry. */
const CLOSE = { normal: 1000, policy: 1008, restarting: 1012 } as const;

export interface BridgeServerOptions {
  readonly server: Server;
  readonly admission: Admission;
  readonly host: () => string;
  /** Whether there is something behind the bridge; a page refused now asks again later. */
  readonly isReady: () => boolean;
  readonly onPage: (port: Port) => void;
  readonly report: (problem: Problem) => void;
}

export interface BridgeServer {
  /** The page has to ask again: what was behind the bridge is gone. */
  dropPage(): void;
  close(): void;
}

export function startBridgeServer(options: BridgeServerOptions): BridgeServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  let live: WebSocket | undefined;

  options.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refusalOf(request, options);
    if (refusal !== undefined) {
      options.report(problem('kiosk.badMessage', `bridge: ${refusal}`));
      return void socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      live?.close(CLOSE.policy, 'another page took over');
      live = client;
      client.on('close', () => {
        if (live === client) live = undefined;
      });
      options.onPage(portOf(client, options.report));
    });
  });

  return {
    dropPage: () => live?.close(CLOSE.restarting, 'engine restarts'),
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

function refusalOf(request: IncomingMessage, { admission, host, isReady }: BridgeServerOptions): string | undefined {
  if (request.url !== BRIDGE_PATH) return '404 Not Found';
  if (request.headers.host !== host()) return '421 Misdirected Request';
  if (request.headers.origin !== `http://${host()}`) return '403 Forbidden';
  if (!admission.admits(request.headers.cookie)) return '403 Forbidden';
  return isReady() ? undefined : '503 Service Unavailable';
}

function portOf(client: WebSocket, report: (problem: Problem) => void): Port {
  client.on('error', (error) => report(problem('kiosk.badMessage', `bridge: ${error.message}`)));
  return {
    post(message) {
      if (client.readyState !== client.OPEN) return;
      if (client.bufferedAmount > MAX_UNREAD_BYTES) return client.terminate();
      client.send(encodeMessage(message));
    },
    onMessage(listener) {
      client.on('message', (data: RawData, isBinary) => {
        const message = decodeMessage(data as Buffer, isBinary);
        // what is not even JSON goes on as nothing, so that it is counted where everything wrong is counted
        listener(message.ok ? message.value : undefined);
      });
    },
    onClose(listener) {
      client.once('close', listener);
    },
    close() {
      client.close(CLOSE.policy, 'said too much that nobody understands');
    },
  };
}

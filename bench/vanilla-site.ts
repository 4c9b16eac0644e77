/** The vanilla pages on disk and behind a server that answers a press with the number of the next screen. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { WebSocketServer } from 'ws';
import { CONTENT_POLICY } from '../tests/e2e/support/static-server.ts';
import type { CapturedScreen } from './page-probe.ts';

export interface Capture {
  /** Of the document element. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly screens: readonly CapturedScreen[];
}

/** Writes a folder that can be served in place of the built renderer. */
export function writeVanilla(folder: string, rendererDir: string, { attributes, screens }: Capture): void {
  mkdirSync(folder, { recursive: true });
  cpSync(join(import.meta.dirname, 'vanilla'), folder, { recursive: true });
  cpSync(join(rendererDir, 'renderer.css'), join(folder, 'renderer.css'));
  const content = JSON.stringify({ style: { attributes }, screens });
  writeFileSync(join(folder, 'screens.js'), `window.SCREENS = ${content};\n`);
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

export interface VanillaServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Every press goes on to the next screen, after the last one to the first. */
export async function serveVanilla(folder: string, screens: number): Promise<VanillaServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const name = path === '/' ? 'index.html' : path.slice(1);
    readFile(join(folder, name)).then(
      (bytes) => {
        response.setHeader('content-security-policy', CONTENT_POLICY);
        response.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream');
        response.end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (client) => {
    let screen = 0;
    client.on('message', () => client.send(JSON.stringify({ screen: (screen = (screen + 1) % screens) })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

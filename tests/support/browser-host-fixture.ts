/** A browser host over stub engines, and the raw requests that an attacker would send. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { WebSocket } from 'ws';
import { startBrowserHost, type BrowserHost } from '../../browser-host/host.ts';
import type { Problem } from '../../contract/outcome.schema.ts';
import { systemChance } from '../../contract/clock.system.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { StubLauncher } from './stub-launcher.ts';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HostFixture {
  readonly host: BrowserHost;
  readonly clock: SimulatedClock;
  readonly launcher: StubLauncher;
  readonly problems: Problem[];
  readonly rendererDir: string;
  /** One raw request; `path` is sent as it is. */
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  /** Redeems a fresh ticket; the `Cookie` header of the session. */
  enter(): Promise<string>;
  /** Resolves with the open socket, or the status it was refused with. */
  knock(headers: Record<string, string>, path?: string): Promise<WebSocket | number>;
  close(): Promise<void>;
}

export async function hostFixture(rendererDir = join(import.meta.dirname, 'stub-renderer')): Promise<HostFixture> {
  const clock = new SimulatedClock();
  const launcher = new StubLauncher();
  const problems: Problem[] = [];
  const guardDir = mkdtempSync(join(tmpdir(), 'guard-'));
  const guardFile = join(guardDir, 'page-guard.js');
  writeFileSync(guardFile, '// the guard\n');
  const host = await startBrowserHost({
    engine: launcher,
    rendererDir: resolve(rendererDir),
    guardFile,
    port: 0,
    telephone: '12345',
    clock,
    chance: systemChance,
    report: (problem) => problems.push(problem),
  });
  const { hostname, port } = new URL(host.origin);
  const sockets: WebSocket[] = [];

  function get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return new Promise((resolveReply, reject) => {
      const sent = request({ hostname, port, path, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const body = Buffer.concat(chunks).toString('utf8');
          resolveReply({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      });
      sent.once('error', reject);
      sent.end();
    });
  }

  return {
    host,
    clock,
    launcher,
    problems,
    rendererDir,
    get,
    async enter() {
      const launch = new URL(host.newLaunchUrl());
      const reply = await get(launch.pathname + launch.search);
      const cookie = reply.headers['set-cookie']?.[0]?.split(';')[0];
      if (cookie === undefined) throw new Error(`the ticket was refused with ${reply.status}`);
      return cookie;
    },
    knock(headers, path = '/bridge') {
      return new Promise((settle) => {
        const socket = new WebSocket(`ws://${hostname}:${port}${path}`, { headers, perMessageDeflate: false });
        sockets.push(socket);
        socket.once('open', () => settle(socket));
        socket.once('unexpected-response', (_request, response) => settle(response.statusCode ?? 0));
        socket.on('error', () => undefined);
      });
    },
    async close() {
      for (const socket of sockets) socket.terminate();
      await host.close();
      rmSync(guardDir, { recursive: true, force: true });
    },
  };
}

/**
 * Host 2: the engine behind a loopback server and a kiosk browser. Development, tests, demonstration, and terminals on
 * which Electron cannot run. Builds the parts of this folder; takes no decision of its own.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import type { Chance, Clock } from '../contract/clock.ts';
import type { Problem } from '../contract/outcome.schema.ts';
import { EngineKeeper, type EngineLauncher } from '../shell/engine-keeper.ts';
import { OUT_OF_SERVICE_PATH, outOfServiceAssets } from '../shell/out-of-service.ts';
import { relayPage } from '../shell/page-relay.ts';
import { Admission } from './admission.ts';
import { startBridgeServer } from './bridge-server.ts';
import { GUARD_PATH, INDEX_PATH, pageServer } from './page-server.ts';

export interface BrowserHostOptions {
  readonly engine: EngineLauncher;
  /** Directory of the built renderer. */
  readonly rendererDir: string;
  /** The built page guard (`dist/browser-host/page-guard.js`). */
  readonly guardFile: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Shown when the kiosk cannot be kept running. */
  readonly telephone: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly report: (problem: Problem) => void;
}

export interface BrowserHost {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly keeper: EngineKeeper;
  /** A URL that lets one browser in, once. */
  newLaunchUrl(): string;
  /** Ends the engine and the server; resolves when both have gone. Never rejects. */
  close(): Promise<void>;
}

/** Resolves once the engine is up or given up. Rejects when the port or the guard file is not to be had. */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const { clock, chance, report, telephone } = options;
  const guard = await readFile(options.guardFile, 'utf8');
  const admission = new Admission(clock, chance);
  const keeper = new EngineKeeper({ launcher: options.engine, clock, report });
  let host = '';
  const hasEngine = (): boolean => keeper.state === 'up' || (keeper.state === 'outOfService' && !!keeper.lastView);
  const server = createServer(
    { maxHeaderSize: 8 * 1024, requestTimeout: 10_000 },
    pageServer({
      admission,
      assets: {
        rootDir: options.rendererDir,
        own: new Map([
          ...outOfServiceAssets(telephone),
          [GUARD_PATH, { type: 'text/javascript; charset=utf-8', body: guard }],
        ]),
      },
      host: () => host,
      frontPage: () => (keeper.state === 'outOfService' ? OUT_OF_SERVICE_PATH : INDEX_PATH),
    }),
  );
  host = `127.0.0.1:${await listen(server, options.port)}`;
  admission.usePort((server.address() as AddressInfo).port);
  const bridge = startBridgeServer({
    server,
    admission,
    host: () => host,
    isReady: hasEngine,
    onPage: (port) => relayPage(port, { keeper, clock, telephone, report }),
    report,
  });
  keeper.onState((state) => {
    if (state === 'down') bridge.dropPage();
  });
  await keeper.start();
  return {
    origin: `http://${host}`,
    keeper,
    newLaunchUrl: () => `http://${host}/launch?ticket=${admission.newTicket()}`,
    async close() {
      bridge.close();
      server.closeAllConnections();
      await Promise.all([keeper.close(), new Promise((resolve) => server.close(resolve))]);
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

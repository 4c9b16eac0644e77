/** The processes of a kiosk without a screen, each on free ports and directories of its own. */
import { fork, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { systemClock } from '../../contract/clock.system.ts';
import { KIOSK_RPC } from '../../contract/kiosk.rpc.ts';
import { connect, type RpcClient } from '../../contract/rpc.ts';
import { portToChild } from '../../engine/ports/child-port.ts';
import type { SiteProfile } from '../../kiosk-config/site.schema.ts';
import { startChild, type Child } from '../start/child.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PATIENCE = { readyMs: 30_000, endMs: 5_000 };
const ENGINE_START_MS = 60_000;

export interface PlatformProcess {
  readonly url: string;
  end(): Promise<void>;
}

export async function startPlatform(dataDir: string): Promise<PlatformProcess> {
  const args = ['platform/main.ts', '--data', join(dataDir, 'platform'), '--port', '0'];
  const child = startProgram('platform', dataDir, args);
  const { url = '' } = await child.ready;
  return { url, end: () => child.end() };
}

/** The simulated devices of one terminal, and the configuration that finds them. */
export interface Cabinet {
  readonly configDir: string;
  readonly stationUrl: string;
  end(): Promise<void>;
}

export interface CabinetOptions {
  readonly dataDir: string;
  /** Changes the site profile after its ports have been replaced by free ones. */
  readonly alterSite?: ((site: SiteProfile) => SiteProfile) | undefined;
}

export async function startCabinet({ dataDir, alterSite }: CabinetOptions): Promise<Cabinet> {
  const configDir = join(dataDir, 'kiosk-config');
  cpSync(join(ROOT, 'kiosk-config'), configDir, { recursive: true });
  const site = await movePorts(join(configDir, 'sites', 'demo-village.yaml'), alterSite);
  const stationFile = join(dataDir, 'station.yaml');
  writeFileSync(stationFile, stringify(site.simulation));
  const child = startProgram('station', dataDir, ['station/main.ts', '--config', stationFile]);
  const { page = '' } = await child.ready;
  return { configDir, stationUrl: page.replace(/\/$/, ''), end: () => child.end() };
}

export interface RunningEngine {
  readonly process: ChildProcess;
  readonly client: RpcClient<typeof KIOSK_RPC>;
  /** Resolves with how it ended: `SIGKILL`, or an exit code as text. */
  readonly ended: Promise<string>;
  readonly stderr: () => string;
}

export interface EngineInput {
  readonly dataDir: string;
  readonly configDir: string;
  readonly platformUrl: string;
  /** The terminal is enrolled already. */
  readonly identityFile: string;
  /** Named point at which it is killed. */
  readonly kill?: string | undefined;
}

export function startEngine({ dataDir, configDir, platformUrl, identityFile, kill }: EngineInput): RunningEngine {
  const args = ['--site', 'demo-village', '--config', configDir, '--data', dataDir, '--platform', platformUrl];
  const child = fork(
    join(ROOT, 'engine', 'main.ts'),
    [...args, '--identity', identityFile, ...(kill === undefined ? [] : ['--kill', kill])],
    { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  );
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-4_000)));
  return {
    process: child,
    client: connect(portToChild(child), KIOSK_RPC, systemClock, ENGINE_START_MS),
    ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? String(code)))),
    stderr: () => words,
  };
}

function startProgram(name: string, dataDir: string, args: readonly string[]): Child {
  const logDir = join(dataDir, 'log');
  mkdirSync(logDir, { recursive: true });
  return startChild(
    { name, command: process.execPath, args, cwd: ROOT, logFile: join(logDir, `${name}.log`) },
    PATIENCE,
  );
}

/** Gives every port of the site another one that is free now. */
async function movePorts(file: string, alter: CabinetOptions['alterSite']): Promise<SiteProfile> {
  const text = readFileSync(file, 'utf8');
  const fixed = [...new Set([...text.matchAll(/(?:p|controlP)ort: (\d+)/g)].map((match) => match[1] ?? ''))];
  const free = await freePorts(fixed.length);
  const moved = fixed.reduce((changed, port, index) => changed.replaceAll(port, String(free[index])), text);
  const site = knowingItsTerminal(parse(moved) as SiteProfile);
  const altered = alter ? alter(site) : site;
  writeFileSync(file, stringify(altered));
  return altered;
}

/** The simulated cardholder has decided after two and a half seconds; a rehearsal need not wait for a slower one. */
function knowingItsTerminal(site: SiteProfile): SiteProfile {
  const devices = site.devices.map((device) =>
    device.class === 'payment-terminal' ? { ...device, settings: { outcomeMs: 4_000 } } : device,
  );
  return { ...site, devices };
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * A whole kiosk without a screen, on wires of its own: platform, station and engine as real processes on free ports and
 * a fresh data directory, so that a rehearsal can run beside a serving kiosk and be killed at will.
 */
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
import { ensureCredential, type CredentialFiles } from '../start/credential.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PATIENCE = { readyMs: 30_000, endMs: 5_000 };
const ENGINE_START_MS = 60_000;

export interface RunningEngine {
  readonly process: ChildProcess;
  readonly client: RpcClient<typeof KIOSK_RPC>;
  /** Resolves with how it ended: `SIGKILL`, or an exit code as text. */
  readonly ended: Promise<string>;
  readonly stderr: () => string;
}

export interface Rehearsal {
  readonly dataDir: string;
  readonly platformUrl: string;
  readonly stationUrl: string;
  readonly ledgerPath: string;
  /** Devices whose links stand elsewhere in the profile are replaced by `devices`. */
  startEngine(kill?: string): RunningEngine;
  /** Ends it politely and waits until it has let go of the ledger. */
  stopEngine(): Promise<void>;
  close(): Promise<void>;
}

export interface RehearsalOptions {
  readonly dataDir: string;
  /** Changes the site profile after its ports have been replaced by free ones. */
  readonly alterSite?: (site: SiteProfile) => SiteProfile;
}

export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const { dataDir } = options;
  mkdirSync(join(dataDir, 'log'), { recursive: true });
  const configDir = join(dataDir, 'kiosk-config');
  cpSync(join(ROOT, 'kiosk-config'), configDir, { recursive: true });
  const site = await movePorts(join(configDir, 'sites', 'demo-village.yaml'), options.alterSite);
  const files = ensureCredential(dataDir, 'rehearsal');
  const children: Child[] = [];
  const program = (name: string, args: readonly string[]): Child => {
    const command = { name, command: process.execPath, args, cwd: ROOT, logFile: join(dataDir, 'log', `${name}.log`) };
    const child = startChild(command, PATIENCE);
    children.push(child);
    return child;
  };
  const platform = program('platform', [
    ...['platform/main.ts', '--data', join(dataDir, 'platform')],
    ...['--port', '0', '--terminals', files.terminalsFile],
  ]);
  const stationFile = join(dataDir, 'station.yaml');
  writeFileSync(stationFile, stringify(site.simulation));
  const station = program('station', ['station/main.ts', '--config', stationFile]);
  const [platformReady, stationReady] = await Promise.all([platform.ready, station.ready]);
  const platformUrl = platformReady.url ?? '';
  let engine: RunningEngine | undefined;
  async function stopEngine(): Promise<void> {
    engine?.process.kill('SIGTERM');
    await engine?.ended;
  }
  return {
    dataDir,
    platformUrl,
    stationUrl: (stationReady.page ?? '').replace(/\/$/, ''),
    ledgerPath: join(dataDir, 'kiosk', 'ledger.db'),
    startEngine(kill) {
      engine = startEngine({ dataDir: join(dataDir, 'kiosk'), configDir, platformUrl, files, kill });
      return engine;
    },
    stopEngine,
    async close() {
      await stopEngine();
      await Promise.all(children.map((child) => child.end()));
    },
  };
}

interface EngineInput {
  readonly dataDir: string;
  readonly configDir: string;
  readonly platformUrl: string;
  readonly files: CredentialFiles;
  readonly kill: string | undefined;
}

function startEngine({ dataDir, configDir, platformUrl, files, kill }: EngineInput): RunningEngine {
  const args = ['--site', 'demo-village', '--config', configDir, '--data', dataDir, '--platform', platformUrl];
  const child = fork(
    join(ROOT, 'engine', 'main.ts'),
    [...args, '--token-file', files.tokenFile, ...(kill === undefined ? [] : ['--kill', kill])],
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

/** Gives every port of the site another one that is free now. */
async function movePorts(file: string, alter: RehearsalOptions['alterSite']): Promise<SiteProfile> {
  const text = readFileSync(file, 'utf8');
  const fixed = [...new Set([...text.matchAll(/(?:p|controlP)ort: (\d+)/g)].map((match) => match[1] ?? ''))];
  const free = await freePorts(fixed.length);
  const moved = fixed.reduce((changed, port, index) => changed.replaceAll(port, String(free[index])), text);
  const site = parse(moved) as SiteProfile;
  const altered = alter ? alter(site) : site;
  writeFileSync(file, stringify(altered));
  return altered;
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

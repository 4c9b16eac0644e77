/**
 * Kiosks on real processes and wires for tests: one platform, any number of terminals, each with a simulated cabinet, an
 * identity and a data directory of its own.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { View } from '../../contract/view.schema.ts';
import type { SiteProfile } from '../../kiosk-config/site.schema.ts';
import type { SeenSale } from '../../scripts/journey/agreement.ts';
import { play, type PlayEnd } from '../../scripts/journey/play.ts';
import { startCabinet, startEngine, startPlatform, type RunningEngine } from '../../scripts/journey/processes.ts';
import type { Persona } from '../../scripts/journey/resident.ts';
import { createStationClient, type StationClient } from '../../scripts/journey/station-client.ts';
import { isOpen, platformSummary, rest, until, type PlatformSummary } from '../../scripts/journey/watching.ts';
import { readLedger } from '../../scripts/journey/verdict.ts';
import { enrolNow } from '../../scripts/start/enrolment.ts';

export const CHEN = {
  card: 'livelihood-chen',
  name: '陈小明',
  cardNumber: '4401130000010017',
  idNumber: '440113190001010016',
  plate: '粤A8K562',
} as const;

export interface RigOptions {
  readonly terminals?: number;
  readonly alterSite?: (site: SiteProfile) => SiteProfile;
}

export interface Rig {
  readonly platformUrl: string;
  readonly terminals: readonly Terminal[];
  summary(): Promise<PlatformSummary>;
  close(): Promise<void>;
}

export interface StartOptions {
  /** Named point at which it is killed. */
  readonly kill?: string | undefined;
  readonly identityFile?: string;
}

export interface Terminal {
  readonly name: string;
  /** Everything of this terminal: configuration, ledger, logs. */
  readonly dataDir: string;
  readonly configDir: string;
  readonly identityFile: string;
  readonly stationUrl: string;
  readonly station: StationClient;
  start(options?: StartOptions): RunningEngine;
  /** Started, in touch with the platform, every service open. */
  open(options?: StartOptions): Promise<RunningEngine>;
  stop(): Promise<void>;
  /** Ends the engine, then reads; starts it again as long as something is still on its way. */
  settledLedger(): Promise<ReturnType<typeof readLedger>>;
}

/** People and wires are quick in tests; the order of things is the same. */
export function quick(site: SiteProfile): SiteProfile {
  const devices = site.simulation?.devices.map((device) => {
    if (device.class === 'payment-terminal') return { ...device, approvalDelayMs: 100 };
    return device.class === 'receipt-printer' ? { ...device, speedMmPerS: 500 } : device;
  });
  const simulation = site.simulation && { ...site.simulation, devices: devices ?? [] };
  // Its cardholder has decided after 100 ms: what is not there after a second never was.
  const real = site.devices.map((device) =>
    device.class === 'payment-terminal' ? { ...device, settings: { outcomeMs: 1_000 } } : device,
  );
  return { ...site, devices: real, sync: { firstContactSpreadMs: 0 }, ...(simulation && { simulation }) };
}

export async function startRig({ terminals = 1, alterSite = quick }: RigOptions = {}): Promise<Rig> {
  const root = mkdtempSync(join(tmpdir(), 'kiosk-rig-'));
  const dirs = Array.from({ length: terminals }, (_, index) => join(root, `terminal-${index + 1}`));
  const platform = await startPlatform(join(root, 'central'));
  const running = await Promise.all(
    dirs.map(async (dataDir, index) => {
      const name = `rig-${index + 1}-01`;
      const identityFile = await enrolNow(dataDir, { terminal: name, station: 'demo-village' }, platform.url);
      return startTerminal({ name, dataDir, identityFile, platformUrl: platform.url, alterSite });
    }),
  );
  return {
    platformUrl: platform.url,
    terminals: running.map(({ terminal }) => terminal),
    summary: () => platformSummary(platform.url),
    async close() {
      await Promise.all(running.map(({ end }) => end()));
      await platform.end();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

interface TerminalInput extends Pick<Terminal, 'name' | 'dataDir' | 'identityFile'> {
  readonly platformUrl: string;
  readonly alterSite: (site: SiteProfile) => SiteProfile;
}

const SETTLE_ROUNDS = 8;

async function startTerminal(input: TerminalInput): Promise<{ terminal: Terminal; end(): Promise<void> }> {
  const { name, dataDir, identityFile, platformUrl } = input;
  const { configDir, stationUrl, end } = await startCabinet(input);
  const kioskDir = join(dataDir, 'kiosk');
  let engine: RunningEngine | undefined;

  function start(options: StartOptions = {}): RunningEngine {
    engine = startEngine({ dataDir: kioskDir, configDir, platformUrl, identityFile, ...options });
    return engine;
  }
  async function stop(): Promise<void> {
    engine?.process.kill('SIGTERM');
    await engine?.ended;
  }
  const terminal: Terminal = {
    name,
    dataDir,
    configDir,
    identityFile,
    stationUrl,
    station: createStationClient(stationUrl),
    start,
    stop,
    async open(options) {
      const opened = start(options);
      await until(`${name} opens`, () => isOpen(opened));
      return opened;
    },
    async settledLedger() {
      for (let round = 1; ; round += 1) {
        await rest(300);
        await stop();
        const ledger = readLedger(join(kioskDir, 'ledger.db'));
        const isMoving = ledger.states.some((state) => MOVING.includes(state));
        if ((!isMoving && ledger.unsent === 0) || round === SETTLE_ROUNDS) return ledger;
        await start().client.call('view', {});
      }
    },
  };
  return {
    terminal,
    async end() {
      await stop();
      await end();
    },
  };
}

const MOVING = ['charging', 'charged', 'delivering', 'reversing'];

const PATIENCE_MS = 45_000;

export interface Visit {
  readonly end: PlayEnd;
  /** Every View that was shown meanwhile. */
  readonly views: readonly View[];
}

/** A resident comes and does what the pages ask for. `patienceMs`: how long a page may stay as it is. */
export async function visit(
  terminal: Terminal,
  engine: RunningEngine,
  persona: Partial<Persona>,
  patienceMs = PATIENCE_MS,
): Promise<Visit> {
  const views: View[] = [];
  const stop = engine.client.on('view', (view) => void views.push(view as View));
  const end = await play({
    engine,
    station: terminal.station,
    persona: { journey: 'parking', plate: CHEN.plate, card: CHEN.card, ...persona },
    patienceMs,
    say: () => undefined,
  });
  stop();
  return { end, views };
}

export interface PrinterState {
  readonly slipsCut: number;
  readonly stripText: string;
  readonly slips: readonly { readonly number: number; readonly text: string; readonly place: string }[];
}

export interface TerminalState {
  readonly pending: { readonly amountCents: number } | null;
  readonly saleRequests: number;
  readonly approved: number;
  readonly voided: number;
  readonly sales: readonly SeenSale[];
}

/** What the simulated devices say has happened to them. */
export async function devicesOf({ station }: Terminal): Promise<{ printer: PrinterState; terminal: TerminalState }> {
  const { devices } = await station.state();
  const state = (deviceClass: string): unknown => devices.find((device) => device.class === deviceClass)?.state;
  return { printer: state('receipt-printer') as PrinterState, terminal: state('payment-terminal') as TerminalState };
}

/** Every file under a directory with its bytes. */
export function filesUnder(directory: string): readonly { readonly path: string; readonly bytes: Buffer }[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, bytes: readFileSync(path) }));
}

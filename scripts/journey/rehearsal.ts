/**
 * A whole kiosk without a screen, on wires of its own: platform, station and engine as real processes on free ports and
 * a fresh data directory, so that a rehearsal can run beside a serving kiosk and be killed at will.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { enrolNow } from '../start/enrolment.ts';
import { startCabinet, startEngine, startPlatform, type CabinetOptions, type RunningEngine } from './processes.ts';

export type { RunningEngine } from './processes.ts';

export interface Rehearsal {
  readonly dataDir: string;
  readonly platformUrl: string;
  readonly stationUrl: string;
  readonly ledgerPath: string;
  readonly identityFile: string;
  /** `kill`: named point at which it is killed. */
  startEngine(kill?: string): RunningEngine;
  /** Ends it politely and waits until it has let go of the ledger. */
  stopEngine(): Promise<void>;
  close(): Promise<void>;
}

export type RehearsalOptions = CabinetOptions;

export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const { dataDir } = options;
  mkdirSync(dataDir, { recursive: true });
  const [platform, cabinet] = await Promise.all([startPlatform(dataDir), startCabinet(options)]);
  const who = { terminal: 'rehearsal-01', station: 'demo-village' };
  const identityFile = await enrolNow(dataDir, who, platform.url);
  const { configDir, stationUrl } = cabinet;
  const kioskDir = join(dataDir, 'kiosk');
  let engine: RunningEngine | undefined;
  async function stopEngine(): Promise<void> {
    engine?.process.kill('SIGTERM');
    await engine?.ended;
  }
  return {
    dataDir,
    platformUrl: platform.url,
    stationUrl,
    ledgerPath: join(kioskDir, 'ledger.db'),
    identityFile,
    startEngine(kill) {
      engine = startEngine({ dataDir: kioskDir, configDir, platformUrl: platform.url, identityFile, kill });
      return engine;
    },
    stopEngine,
    async close() {
      await stopEngine();
      await Promise.all([platform.end(), cabinet.end()]);
    },
  };
}

/** A kiosk in a host, with all that stands around it: the real engine, the simulated station, the reference platform. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, type Browser, type Page } from '@playwright/test';
import { startRehearsal } from '../../../scripts/journey/rehearsal.ts';
import { createStationClient, type StationClient } from '../../../scripts/journey/station-client.ts';
import type { HostKind, RunningKiosk } from '../hosts.ts';

const ROOT = resolve(import.meta.dirname, '..', '..', '..');
const GLASS = { width: 1080, height: 1920 };

export interface RehearsedKiosk {
  readonly kiosk: RunningKiosk;
  readonly station: StationClient;
  /** Shows a village at rest whose printer is ready. */
  readonly page: Page;
  close(): Promise<void>;
}

export async function startRehearsedKiosk(host: HostKind, browser: Browser): Promise<RehearsedKiosk> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kiosk-e2e-'));
  const rehearsal = await startRehearsal({ dataDir });
  const kiosk = await host.start(browser, {
    rendererDir: join(ROOT, 'dist', 'renderer'),
    engineEntry: join(ROOT, 'engine', 'main.ts'),
    options: {
      site: 'demo-village',
      config: join(dataDir, 'kiosk-config'),
      platform: rehearsal.platformUrl,
      identity: rehearsal.identityFile,
    },
  });
  const page = await kiosk.page();
  await page.setViewportSize(GLASS);
  await expect(page.getByRole('button', { name: '取号' })).toBeEnabled();
  return {
    kiosk,
    page,
    station: createStationClient(rehearsal.stationUrl),
    async close() {
      await kiosk.close();
      await rehearsal.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

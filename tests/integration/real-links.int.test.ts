/** Parking with nothing simulated but the devices themselves: two serial lines and the machine's own PC/SC service. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../contract/devices/device-config.schema.ts';
import type { StationDevice } from '../../contract/station-config.schema.ts';
import type { SiteProfile } from '../../kiosk-config/site.schema.ts';
import { readStation } from '../../scripts/journey/verdict.ts';
import { until } from '../../scripts/journey/watching.ts';
import { devicesOf, quick, startRig, visit, type Rig, type Terminal } from '../support/kiosk-rig.ts';
import { startPcscd, VPCD_PORT, VPCD_READER, whatPcscdLacks, type Pcscd } from '../support/pcscd.ts';
import { openPtyPair, type PtyPair } from '../support/pty-pair.ts';

function whatIsMissing(): string | undefined {
  return spawnSync('socat', ['-V']).status === 0 ? whatPcscdLacks() : 'apt-get install socat';
}

const missing = whatIsMissing();

/** The same site with its devices on these lines. */
function onRealLinks(site: SiteProfile, printer: PtyPair, terminal: PtyPair): SiteProfile {
  const links: Readonly<Record<string, LinkConfig>> = {
    'smart-card-reader': { kind: 'pcsc', reader: VPCD_READER },
    'receipt-printer': { kind: 'serial', path: printer.host, baudRate: 115_200 },
    'payment-terminal': { kind: 'serial', path: terminal.host, baudRate: 9600 },
  };
  const { simulation, ...rest } = quick(site);
  if (!simulation) throw new Error('the demonstration site has a station');
  const listening = simulation.devices.map((device): StationDevice => {
    switch (device.class) {
      case 'smart-card-reader':
        return { ...device, listen: { kind: 'vpcd', host: '127.0.0.1', port: VPCD_PORT } };
      case 'receipt-printer':
        return { ...device, listen: { kind: 'serial', path: printer.device } };
      case 'payment-terminal':
        return { ...device, listen: { kind: 'serial', path: terminal.device } };
      default:
        return device;
    }
  });
  const devices = rest.devices.map((device) => ({ ...device, link: links[device.class] ?? device.link }));
  return { ...rest, devices, simulation: { ...simulation, devices: listening } };
}

describe.skipIf(missing !== undefined)(
  `parking over serial lines and PC/SC${missing ? ` (missing: ${missing})` : ''}`,
  () => {
    let pcscd: Pcscd;
    let pairs: PtyPair[];
    let rig: Rig;

    beforeAll(async () => {
      pcscd = await startPcscd();
      const [printer, terminal] = await Promise.all([openPtyPair(), openPtyPair()]);
      pairs = [printer, terminal];
      rig = await startRig({ alterSite: (site) => onRealLinks(site, printer, terminal) });
    }, 120_000);
    afterAll(async () => {
      await rig.close();
      await Promise.all(pairs.map((pair) => pair.end()));
      await pcscd.end();
    });

    it('is paid, printed and recorded once', async () => {
      const [terminal] = rig.terminals as [Terminal];
      const engine = await terminal.open();
      const { end, views } = await visit(terminal, engine, {});
      // the last pages, so that a resident who got stuck says where
      const pages = views.slice(-3).map(({ screen }) => `${screen.kind}: ${screen.title}`);
      expect(end, JSON.stringify(pages)).toEqual({ kind: 'left', why: 'goodbye' });
      await until('the payment is at the platform', async () => (await rig.summary()).payments.length > 0);
      expect((await rig.summary()).payments).toMatchObject([{ amount_cents: 960, state: 'paid', grace: 'open' }]);
      expect(readStation(await terminal.station.state())).toMatchObject({ charges: 1, saleRequests: 1, receipts: 1 });
      const { printer } = await devicesOf(terminal);
      expect(printer.slips[0]?.text).toMatch(/陈\*\*[^]*9\.60/);
      expect((await terminal.settledLedger()).states).toEqual(['delivered']);
      // longer than a page may stay as it is: then it is the journey that says where it stood
    }, 150_000);
  },
);

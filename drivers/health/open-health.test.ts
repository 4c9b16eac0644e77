import { describe, expect, it } from 'vitest';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { openDriver } from '../open-driver.ts';
import { FakeLink } from '../link/testing/fake.link.ts';
import { omronHidLink, type LoadFeatureHid } from './omron-hid.link.ts';

const TCP = { kind: 'tcp', host: '127.0.0.1', port: 9 } as const;

async function open(model: string, link: DeviceConfig['link'], settings?: DeviceConfig['settings']): Promise<string> {
  const config: DeviceConfig = { id: 'health-1', class: 'health', model, link, ...(settings ? { settings } : {}) };
  const wiring = { clock: new SimulatedClock(), cardProfiles: [], wrapLink: () => new FakeLink() };
  const opened = openDriver(config, wiring);
  if (!opened.ok) return opened.problem.detail ?? '';
  await opened.value.close();
  return 'opened';
}

describe('opening a health device', () => {
  it.each(['cms50-5byte', 'cms50-9byte', 'omron-hid-790it', 'suntech-ascii', 'ble-bp', 'ble-weight'])(
    '%s needs nothing but its wire',
    async (model) => expect(await open(model, TCP)).toBe('opened'),
  );

  it('refuses a model nobody knows, a wire that cannot be, and a wrong speed', async () => {
    expect(await open('cms60', TCP)).toContain('no driver knows');
    expect(await open('ble-bp', { kind: 'pcsc' })).toContain('does not hang on pcsc');
    expect(await open('cms50-5byte', { kind: 'hid', vendorId: 1, productId: 2 })).toContain('does not hang on hid');
    const slow = { kind: 'serial', path: '/dev/null', baudRate: 9600, parity: 'odd' } as const;
    expect(await open('cms50-5byte', slow)).toBe('health-1: cms50-5byte speaks at 19200, not 9600');
  });

  it('takes a Maibobo only when the site says where its values stand', async () => {
    expect(await open('maibobo', TCP)).toContain('resultOffset must say');
    expect(await open('maibobo', TCP, { resultOffset: 9 })).toContain('settings');
    expect(await open('maibobo', TCP, { resultOffset: 11 })).toBe('opened');
  });
});

it('the Omron’s mode goes out as a feature report, everything else as an output report', async () => {
  const sent: string[] = [];
  const keep = (kind: string) => (report: Buffer) => {
    sent.push(`${kind} ${report.toString('hex')}`);
    return Promise.resolve(report.length);
  };
  const device = {
    on: () => undefined,
    write: keep('output'),
    sendFeatureReport: keep('feature'),
    close: () => Promise.resolve(),
  };
  const load: LoadFeatureHid = () =>
    Promise.resolve({
      devicesAsync: () => Promise.resolve([{ path: '/dev/hidraw0' }]),
      HIDAsync: { open: () => Promise.resolve(device) },
    });
  const clock = new SimulatedClock();
  const link = omronHidLink({ vendorId: 0x0590, productId: 0x0028 }, clock, load);
  link.open();
  await clock.run(10);
  link.write(Uint8Array.of(0x74, 0xbc));
  link.write(Uint8Array.of(5, 0x56, 0x45, 0x52, 0x30, 0x30, 0, 0));
  await clock.run(10);
  await link.close();
  expect(sent).toEqual(['feature 0074bc', 'output 000556455230300000']);
});

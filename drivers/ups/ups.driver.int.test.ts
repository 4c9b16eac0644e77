import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../contract/clock.system.ts';
import type { DeviceStatus } from '../../contract/driver.ts';
import type { AnyDriver } from '../opener.ts';
import { openUps } from './open-ups.ts';
import { NutDaemon, UPS, whatNutLacks } from './testing/nut-daemon.test-support.ts';

const missing = whatNutLacks();
const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function withDaemon() {
  const daemon = await NutDaemon.start({ 'ups.status': 'OL', 'battery.charge': 87, 'battery.runtime': 1200 });
  cleanUps.push(() => daemon.end());
  const link = { kind: 'nut', host: '127.0.0.1', port: daemon.port, ups: UPS } as const;
  const opened = openUps({ id: 'ups', class: 'ups', model: 'nut', link }, { clock: systemClock, cardProfiles: [] });
  if (!opened.ok) throw new Error(opened.problem.detail);
  const driver = opened.value;
  cleanUps.push(() => driver.close());
  await becomes(driver, ({ device }) => device === 'online');
  return { daemon, driver };
}

function becomes(driver: AnyDriver, isWanted: (status: DeviceStatus) => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (isWanted(driver.status())) return resolve();
    const stop = driver.subscribe((status) => {
      if (!isWanted(status)) return;
      stop();
      resolve();
    });
  });
}

it('has the real daemon to try', () => {
  expect(missing, missing).toBeUndefined();
});

describe.skipIf(missing !== undefined)('the real upsd with its dummy driver', () => {
  it('tells of a power cut, of the battery running low, and of the mains coming back', async () => {
    const { daemon, driver } = await withDaemon();
    expect(driver.status().signals).toMatchObject({ onBattery: false, batteryLow: false, chargePercent: 87 });
    daemon.say({ 'ups.status': 'OB DISCHRG', 'battery.charge': 60, 'battery.runtime': 700 });
    await becomes(driver, ({ signals }) => signals?.['onBattery'] === true && signals['chargePercent'] === 60);
    daemon.say({ 'ups.status': 'OB LB', 'battery.charge': 9, 'battery.runtime': 60 });
    await becomes(driver, ({ signals }) => signals?.['batteryLow'] === true);
    const limits = { deadline: systemClock.now() + 5_000, signal: new AbortController().signal };
    expect(await driver.execute({ kind: 'read' }, limits)).toEqual({
      kind: 'done',
      reply: { onBattery: true, batteryLow: true, chargePercent: 9, runtimeSeconds: 60 },
      evidence: { method: 'nut.status', value: 'OB LB' },
    });
    daemon.say({ 'ups.status': 'OL CHRG', 'battery.charge': 10, 'battery.runtime': 70 });
    await becomes(driver, ({ signals }) => signals?.['onBattery'] === false && signals['batteryLow'] === false);
  });

  it('whose driver hangs, then dies, is not online, and is again when the driver is back', async () => {
    const { daemon, driver } = await withDaemon();
    daemon.hangDriver(true);
    await becomes(driver, ({ problem }) => problem?.detail === 'upsd: DATA-STALE');
    expect(driver.status()).toMatchObject({ device: 'offline', problem: { code: 'device.absent' } });
    await daemon.killDriver();
    await becomes(driver, ({ problem }) => problem?.detail === 'upsd: DRIVER-NOT-CONNECTED');
    daemon.startDriver();
    await becomes(driver, ({ device }) => device === 'online');
  });

  it('that is killed and started again is found again', async () => {
    const { daemon, driver } = await withDaemon();
    await daemon.killServer();
    await becomes(driver, ({ device }) => device === 'offline');
    expect(driver.status().problem?.code).toBe('device.absent');
    daemon.startServer();
    await becomes(driver, ({ device }) => device === 'online');
  });

  it('of another name is said not to be there', async () => {
    const { daemon } = await withDaemon();
    const link = { kind: 'nut', host: '127.0.0.1', port: daemon.port, ups: 'nobody' } as const;
    const opened = openUps({ id: 'ups', class: 'ups', model: 'nut', link }, { clock: systemClock, cardProfiles: [] });
    if (!opened.ok) throw new Error(opened.problem.detail);
    cleanUps.push(() => opened.value.close());
    await becomes(opened.value, ({ problem }) => problem?.detail === 'upsd: UNKNOWN-UPS');
    expect(opened.value.status().device).toBe('noDevice');
  });
});

import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../contract/clock.system.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import type { DeviceStatus } from '../../contract/driver.ts';
import { openPtyPair } from '../../tests/support/pty-pair.ts';
import type { AnyDriver } from '../opener.ts';
import { serveSerial } from '../simulator/serve-serial.ts';
import { serveTcp } from '../simulator/serve-tcp.ts';
import { openSensorsAndLights } from './open-sensors-and-lights.ts';
import { IoBoardSimulator } from './simulator/io-board.simulator.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

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

function opened(model: string, link: DeviceConfig['link']): AnyDriver {
  const config: DeviceConfig = { id: 'io', class: 'sensors-and-lights', model, link };
  const driver = openSensorsAndLights(config, { clock: systemClock, cardProfiles: [] });
  if (!driver.ok) throw new Error(driver.problem.detail);
  cleanUps.push(() => driver.value.close());
  return driver.value;
}

const chance = { bytes: (length: number) => new Uint8Array(length) };

async function expectWorking(driver: AnyDriver, board: IoBoardSimulator): Promise<void> {
  await becomes(driver, ({ device }) => device === 'online');
  board.setInput(1, true);
  await becomes(driver, ({ signals }) => signals?.['serviceDoor'] === true);
  const limits = { deadline: systemClock.now() + 3_000, signal: new AbortController().signal };
  const outcome = await driver.execute({ kind: 'light', name: 'scanner', rate: 'continuous' }, limits);
  expect(outcome).toMatchObject({ kind: 'done', evidence: { value: 'coil 3 on' } });
  expect(board.state.coils[3]).toBe(true);
}

it('RTU on a real serial device: looks at doors and lights a lamp', async () => {
  const pair = await openPtyPair();
  cleanUps.push(() => pair.end());
  const board = new IoBoardSimulator({ clock: systemClock, chance, framing: 'rtu' });
  const served = await serveSerial(board, pair.device, 9_600);
  cleanUps.push(() => served.close());
  await expectWorking(opened('modbus-rtu', { kind: 'serial', path: pair.host, baudRate: 9_600 }), board);
});

it('TCP on a real socket: looks at doors and lights a lamp, loses the board and finds it again', async () => {
  const board = new IoBoardSimulator({ clock: systemClock, chance, framing: 'tcp' });
  const served = await serveTcp(board, { host: '127.0.0.1', port: 0 });
  const driver = opened('modbus-tcp', { kind: 'tcp', host: '127.0.0.1', port: served.port });
  await expectWorking(driver, board);
  await served.close();
  await becomes(driver, ({ device }) => device === 'offline');
  const again = await serveTcp(board, { host: '127.0.0.1', port: served.port });
  cleanUps.push(() => again.close());
  await becomes(driver, ({ device }) => device === 'online');
});

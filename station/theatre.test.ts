import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StationConfig } from '../contract/station-config.schema.ts';
import { DEVICE_CLASSES } from '../contract/devices/device-classes.ts';
import { SimulatedClock } from '../tests/support/simulated-clock.ts';
import { SCENES } from './scenes.ts';
import { readStationFile } from './station-file.ts';
import { startStation, type Station } from './station.ts';

const SITE = join(import.meta.dirname, '../kiosk-config/sites/demo-village.yaml');

/** The demonstration's station on free ports. */
function anyPorts(): StationConfig {
  const config = readStationFile(SITE);
  if (!config.ok) throw new Error(config.problem.detail);
  const devices = config.value.devices.map((device) =>
    device.listen.kind === 'tcp' ? { ...device, listen: { kind: 'tcp' as const, port: 0 } } : device,
  );
  return { controlPort: 0, devices: devices as StationConfig['devices'] };
}

let station: Station;

beforeAll(async () => {
  const chance = { bytes: (length: number) => new Uint8Array(length).fill(7) };
  station = await startStation({ ...anyPorts(), clock: new SimulatedClock(), chance });
});
afterAll(() => station.close());

function post(path: string): Promise<Response> {
  return fetch(`${station.page}api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
}

interface Shown {
  readonly id: string;
  readonly isBroken: boolean;
}

async function brokenDevices(): Promise<readonly string[]> {
  const response = await fetch(`${station.page}api/state`);
  const { devices } = (await response.json()) as { devices: readonly Shown[] };
  return devices.filter(({ isBroken }) => isBroken).map(({ id }) => id);
}

it('has a device of every class', () => {
  expect(new Set(station.devices.map((device) => device.class))).toEqual(new Set(Object.keys(DEVICE_CLASSES)));
});

describe.each(allClasses())('%s', (deviceClass) => {
  it('can be broken on any wire, cut off, and made whole again', () => {
    const device = station.devices.find((candidate) => candidate.class === deviceClass);
    expect(Object.keys(device?.actions ?? {})).toEqual(expect.arrayContaining(['faults', 'wire', 'hang-up', 'reset']));
  });
});

function allClasses(): readonly string[] {
  return Object.keys(DEVICE_CLASSES);
}

it.each(SCENES)('the scene $id can be played, and everything be made whole again', async ({ id }) => {
  expect((await post(`scenes/${id}`)).status).toBe(200);
  expect((await post('scenes/all-whole')).status).toBe(200);
  expect(await brokenDevices()).toEqual([]);
});

it('a fault shows which device is broken', async () => {
  await post('scenes/locker-lies');
  expect(await brokenDevices()).toEqual(['locker-1']);
  await post('scenes/all-whole');
});

it('a scene that is not on the menu does not exist', async () => {
  expect((await post('scenes/flood')).status).toBe(404);
});

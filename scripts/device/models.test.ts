import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { expect, it } from 'vitest';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { DeviceClass } from '../../contract/driver.ts';
import { openDriver } from '../../drivers/open-driver.ts';
import { wireKey } from '../../drivers/wire-keys.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { MODEL_KEYS } from './models.ts';

const DRIVERS = resolve(import.meta.dirname, '../../drivers');
const UNKNOWN_TO_ALL = 'a-model-that-is-none';

function refusal(deviceClass: DeviceConfig['class'], model: string): string {
  // A link no class hangs on by chance: the model is looked up first.
  const config: DeviceConfig = {
    id: 'one',
    class: deviceClass,
    model,
    link: { kind: 'usb-printer', path: '/dev/null' },
  };
  const opened = openDriver(config, { clock: new SimulatedClock(), cardProfiles: [] });
  if (!opened.ok) return opened.problem.detail ?? '';
  void opened.value.close();
  return '';
}

const rows = Object.entries(MODEL_KEYS).flatMap(([deviceClass, models]) =>
  Object.keys(models).map((model) => [deviceClass as DeviceConfig['class'], model] as const),
);

it.each(rows)('%s %s is known to its driver', (deviceClass, model) => {
  expect(refusal(deviceClass, UNKNOWN_TO_ALL)).toContain('no driver knows the model');
  expect(refusal(deviceClass, model)).not.toContain('no driver knows the model');
});

it('names every model that a model table of the drivers names', () => {
  const found = globSync('*/*-models.ts', { cwd: DRIVERS }).flatMap((file) => {
    const deviceClass = basename(dirname(file));
    const text = readFileSync(resolve(DRIVERS, file), 'utf8');
    return [...text.matchAll(/\bname: '([a-z0-9-]+)'/g)].map((match) => `${deviceClass} ${match[1] ?? ''}`);
  });
  const listed = new Set(rows.map(([deviceClass, model]) => `${deviceClass} ${model}`));
  expect(found.length).toBeGreaterThan(20);
  expect(found.filter((name) => !listed.has(name))).toEqual([]);
});

it('names every class, and only protocols that exist', () => {
  expect(Object.keys(MODEL_KEYS).toSorted()).toEqual([...DeviceClass.enum].toSorted());
  const keys = Object.values(MODEL_KEYS).flatMap((models) => Object.values(models).flat());
  expect([...new Set(keys)].filter((key) => !wireKey(key))).toEqual([]);
});

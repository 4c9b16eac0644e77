import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { usbPortPower } from './usb-port-power.system.ts';

const root = mkdtempSync(join(tmpdir(), 'usb-'));
afterAll(() => rmSync(root, { recursive: true }));

it('takes the port away for two seconds and gives it back', async () => {
  const clock = new SimulatedClock();
  mkdirSync(join(root, '1-1.4'));
  const file = join(root, '1-1.4', 'authorized');
  writeFileSync(file, '1');
  const cycle = usbPortPower(clock, root)('1-1.4');
  while (clock.pendingTimers === 0) await clock.run(0);
  expect(readFileSync(file, 'utf8')).toBe('0');
  await clock.run(2_000);
  expect(await cycle).toEqual({ ok: true, value: {} });
  expect(readFileSync(file, 'utf8')).toBe('1');
});

it('says that a port which is not there cannot be switched', async () => {
  const result = await usbPortPower(new SimulatedClock(), root)('9-9');
  expect(result).toMatchObject({ ok: false, problem: { code: 'device.notFitted' } });
});

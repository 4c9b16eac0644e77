/** The driver and the simulated module on a real serial line: a pair of pseudo-terminals. */
import { expect, it } from 'vitest';
import { systemChance, systemClock as clock } from '../../contract/clock.system.ts';
import type { FingerprintCommand } from '../../contract/devices/fingerprint-reader.schema.ts';
import { openPtyPair } from '../../tests/support/pty-pair.ts';
import { serveSerial } from '../simulator/serve-serial.ts';
import { openFingerprintReader } from './open-fingerprint-reader.ts';
import { fingerOf, templateOf } from './simulator/fingers.ts';
import { ZfmSimulator } from './simulator/zfm.simulator.ts';

const BAUD = 57_600;
const TEMPLATE_BYTES = 512;

it('tells the owner of a finger from another person over a serial line, and leaves the module empty', async () => {
  const pair = await openPtyPair();
  const module = new ZfmSimulator({ clock, chance: systemChance, sizes: { imageBytes: 256 } });
  const served = await serveSerial(module, pair.device, BAUD);
  const link = { kind: 'serial', path: pair.host, baudRate: BAUD } as const;
  const opened = openFingerprintReader(
    { id: 'finger-1', class: 'fingerprint-reader', model: 'zfm-20', link },
    { clock, cardProfiles: [] },
  );
  if (!opened.ok) throw new Error(opened.problem.detail);
  const driver = opened.value;
  try {
    await new Promise<void>((resolve) => {
      driver.subscribe(({ device }) => device === 'online' && resolve());
    });
    const template = Buffer.from(templateOf(fingerOf('resident', 'rightIndex'), TEMPLATE_BYTES, 99)).toString('base64');
    const command: FingerprintCommand = { kind: 'verify', template };
    const verify = () =>
      driver.execute(command, { deadline: clock.now() + 20_000, signal: new AbortController().signal });
    module.press('resident', 'rightIndex', { quality: 80, skin: 'normal' });
    expect(await verify()).toMatchObject({ kind: 'done', reply: { result: 'match' } });
    module.lift();
    module.press('stranger', 'rightIndex', { quality: 80, skin: 'normal' });
    expect(await verify()).toMatchObject({ kind: 'done', reply: { result: 'mismatch' } });
    await expect.poll(() => module.state.holdsAPerson).toBe(false);
  } finally {
    await driver.close();
    await served.close();
    await pair.end();
  }
});

/** An oximeter on a real (pseudo) serial line. A pseudo-terminal has no parity: that 8O1 is set cannot be seen here. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { systemChance, systemClock } from '../../contract/clock.system.ts';
import type { Outcome } from '../../contract/outcome.schema.ts';
import { openPtyPair } from '../../tests/support/pty-pair.ts';
import { openDriver } from '../open-driver.ts';
import { serveSerial } from '../simulator/serve-serial.ts';
import { OximeterSimulator } from './simulator/oximeter.simulator.ts';

const hasSocat = spawnSync('socat', ['-V']).status === 0;

describe.skipIf(!hasSocat)(`oximeter on a serial line${hasSocat ? '' : ' (missing: apt-get install socat)'}`, () => {
  it('measures a finger at 19200 baud, odd parity asked for', async () => {
    const pair = await openPtyPair();
    const clip = new OximeterSimulator({
      clock: systemClock,
      chance: systemChance,
      model: 'cms50-5byte',
      searchMs: 200,
    });
    const served = await serveSerial(clip, pair.device, 19_200);
    const opened = openDriver(
      {
        id: 'health-1',
        class: 'health',
        model: 'cms50-5byte',
        link: { kind: 'serial', path: pair.host, baudRate: 19_200, parity: 'odd' },
      },
      { clock: systemClock, cardProfiles: [] },
    );
    if (!opened.ok) throw new Error(opened.problem.detail);
    const driver = opened.value;
    try {
      await new Promise<void>((resolve) => {
        const stop = driver.subscribe(({ device }) => {
          if (device !== 'online') return;
          stop();
          resolve();
        });
      });
      clip.putFinger({ pulseBpm: 140, spo2Percent: 97 });
      const limits = { deadline: systemClock.now() + 20_000, signal: new AbortController().signal };
      const outcome: Outcome<unknown> = await driver.execute({ kind: 'measure', quantity: 'oxygen' }, limits);
      expect(outcome).toMatchObject({ kind: 'done', reply: { measurements: [{ value: 97 }, { value: 140 }] } });
    } finally {
      await driver.close();
      await served.close();
      await pair.end();
    }
  });
});

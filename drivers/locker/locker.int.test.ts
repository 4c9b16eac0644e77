import { afterEach, describe, expect, it } from 'vitest';
import { systemChance, systemClock } from '../../contract/clock.system.ts';
import { openPtyPair } from '../../tests/support/pty-pair.ts';
import { serveSerial } from '../simulator/serve-serial.ts';
import { openLocker } from './open-locker.ts';
import { LockerSimulator } from './simulator/locker.simulator.ts';
import { boardOf } from './testing/locker-station.test-support.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

describe('a locker on a real serial line', () => {
  it.each([
    ['board-8a', 9_600, 1],
    ['kerong-cu16', 19_200, 0],
  ] as const)('%s opens one door at %i baud', async (model, baudRate, address) => {
    const pair = await openPtyPair();
    cleanUps.push(() => pair.end());
    const clock = systemClock;
    const simulator = new LockerSimulator({ clock, chance: systemChance, model, boards: [address], locks: 8 });
    const served = await serveSerial(simulator, pair.device, baudRate);
    cleanUps.push(() => served.close());
    const opened = openLocker(
      {
        id: 'cabinet',
        class: 'locker',
        model,
        link: { kind: 'serial', path: pair.host, baudRate },
        settings: { boards: [boardOf({ address })] },
      },
      { clock, cardProfiles: [] },
    );
    if (!opened.ok) throw new Error(opened.problem.detail);
    const driver = opened.value;
    cleanUps.push(() => driver.close());
    await new Promise<void>((resolve) => {
      const stop = driver.subscribe(({ device }) => {
        if (device !== 'online') return;
        stop();
        resolve();
      });
    });
    const outcome = await driver.execute(
      { kind: 'open', door: 3 },
      { deadline: clock.now() + 8_000, signal: new AbortController().signal },
    );
    expect(outcome).toMatchObject({ kind: 'done', reply: { kind: 'open', door: 3 } });
    expect(simulator.state).toMatchObject({ pulses: 1, doors: { 2: { open: true } } });
  });
});

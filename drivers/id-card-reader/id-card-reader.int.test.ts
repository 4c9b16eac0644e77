/** The driver and the simulated reader on real wires: a pair of pseudo-terminals, and TCP. */
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../contract/clock.system.ts';
import type { IdCardReply } from '../../contract/devices/id-card-reader.schema.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import type { Outcome } from '../../contract/outcome.schema.ts';
import { openPtyPair } from '../../tests/support/pty-pair.ts';
import type { AnyDriver } from '../opener.ts';
import { serveSerial } from '../simulator/serve-serial.ts';
import { serveTcp } from '../simulator/serve-tcp.ts';
import { openIdCardReader } from './open-id-card-reader.ts';
import { SamSimulator } from './simulator/sam.simulator.ts';

const clock = systemClock;
const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

function reader(transport: 'stream' | 'hid' = 'stream'): SamSimulator {
  return new SamSimulator({ clock, chance: { bytes: (length) => new Uint8Array(length) }, transport, radioMs: 30 });
}

function open(model: string, link: DeviceConfig['link']): AnyDriver {
  const opened = openIdCardReader({ id: 'id-1', class: 'id-card-reader', model, link }, { clock, cardProfiles: [] });
  if (!opened.ok) throw new Error(opened.problem.detail);
  cleanUps.push(() => opened.value.close());
  return opened.value;
}

function read(driver: AnyDriver): Promise<Outcome<IdCardReply>> {
  const limits = { deadline: clock.now() + 15_000, signal: new AbortController().signal };
  const command = { kind: 'read', fingerprints: true, appendedAddress: true };
  return driver.execute(command, limits) as Promise<Outcome<IdCardReply>>;
}

function until(driver: AnyDriver, holds: (driver: AnyDriver) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = driver.subscribe(() => settle());
    function settle(): void {
      if (!holds(driver)) return;
      stop();
      resolve();
    }
    settle();
  });
}

const isOnline = (driver: AnyDriver): boolean => driver.status().device === 'online';

describe('over a pseudo-terminal pair', () => {
  it('a card is read, watched, and missed when it is lifted', async () => {
    const pair = await openPtyPair();
    cleanUps.push(() => pair.end());
    const simulator = reader();
    const served = await serveSerial(simulator, pair.device);
    cleanUps.push(() => served.close());
    const driver = open('sam-v', { kind: 'serial', path: pair.host, baudRate: 115_200 });
    await until(driver, isOnline);
    simulator.lay('moved');
    expect(await read(driver)).toMatchObject({
      kind: 'done',
      reply: { document: { name: '陈小明' }, fingerprints: [{ finger: 'right-thumb' }, { finger: 'left-thumb' }] },
    });
    expect(driver.status().media).toBe('latched');
    simulator.lift();
    await until(driver, (each) => each.status().media === 'notPresent');
    simulator.faults.pulledAtExchange = 3;
    simulator.lay('moved');
    expect(await read(driver)).toMatchObject({ kind: 'failed', problem: { code: 'card.removed' } });
    simulator.lay('foreigner-2023');
    expect(await read(driver)).toMatchObject({ reply: { document: { layout: 'foreigner-2023' } } });
  });
});

describe('over TCP', () => {
  it.each([
    ['sam-v', 'stream'],
    ['sam-v-hid', 'hid'],
  ] as const)('%s reads, loses its wire in the middle of an answer, and comes back', async (model, transport) => {
    const simulator = reader(transport);
    const served = await serveTcp(simulator, { host: '127.0.0.1', port: 0 });
    cleanUps.push(() => served.close());
    const driver = open(model, { kind: 'tcp', host: '127.0.0.1', port: served.port });
    await until(driver, isOnline);
    simulator.lay('chen-xiaoming');
    simulator.wire.faults.hangUpAfterOutputBytes = 700;
    expect(await read(driver)).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.lost' } });
    await until(driver, isOnline);
    simulator.lay('chen-xiaoming');
    expect(await read(driver)).toMatchObject({ kind: 'done', reply: { document: { number: '440113190001010016' } } });
  });
});

/** The smart-card driver on the real PC/SC daemon, with a virtual card in its virtual reader (device-protocols 2.7). */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { CardProfile } from '../../contract/card-profile.schema.ts';
import { parse } from '../../contract/check.ts';
import { pause } from '../../contract/clock.ts';
import { systemClock } from '../../contract/clock.system.ts';
import type { SmartCardReply } from '../../contract/devices/smart-card-reader.schema.ts';
import type { DeviceStatus } from '../../contract/driver.ts';
import type { Outcome } from '../../contract/outcome.schema.ts';
import { loadPcscAddOn } from '../../drivers/smart-card-reader/pcsc-add-on.ts';
import { wireCard } from '../../drivers/smart-card-reader/simulator/card-wire.ts';
import { VirtualCardSimulator } from '../../drivers/smart-card-reader/simulator/virtual-card.simulator.ts';
import { createSmartCardReader } from '../../drivers/smart-card-reader/smart-card-reader.driver.ts';

const PCSCD = '/usr/sbin/pcscd';
const VPCD = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const VPCD_PORT = 35_963;
const STATUS_LIMIT_MS = 60_000;
const READER = 'Virtual PCD 00 00';

/** Why the test cannot run here; undefined when it can. */
function whatIsMissing(): string | undefined {
  if (!existsSync(PCSCD)) return 'apt-get install pcscd';
  if (!existsSync(VPCD)) return 'apt-get install vsmartcard-vpcd';
  const addOn = loadPcscAddOn();
  return addOn.ok ? undefined : addOn.problem.detail;
}

const missing = whatIsMissing();
const clock = systemClock;
const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

async function startDaemon(): Promise<ChildProcess> {
  const daemon = spawn(PCSCD, ['--foreground'], { stdio: 'ignore' });
  const ended = once(daemon, 'exit');
  cleanUps.push(async () => {
    daemon.kill('SIGTERM');
    await ended;
  });
  return daemon;
}

function livelihoodProfile(): CardProfile {
  const path = new URL('../../kiosk-config/card-profiles/livelihood-demo.yaml', import.meta.url);
  const profile = parse(CardProfile, parseYaml(readFileSync(path, 'utf8'), { schema: 'core' }));
  if (!profile.ok) throw new Error(profile.problem.detail);
  return profile.value;
}

function reader(name: string) {
  const driver = createSmartCardReader(
    { id: 'card-reader', class: 'smart-card-reader', model: 'pcsc', link: { kind: 'pcsc', reader: name } },
    { clock, cardProfiles: [livelihoodProfile()] },
  );
  cleanUps.push(() => driver.close());
  const until = (isWanted: (status: DeviceStatus) => boolean, what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      if (isWanted(driver.status())) return resolve();
      const late = clock.after(STATUS_LIMIT_MS, () => reject(new Error(`never ${what}`)));
      const stop = driver.subscribe((status) => {
        if (!isWanted(status)) return;
        stop();
        clock.cancel(late);
        resolve();
      });
    });
  const read = (): Promise<Outcome<SmartCardReply>> =>
    driver.execute({ kind: 'read' }, { deadline: clock.now() + 10_000, signal: new AbortController().signal });
  return { driver, until, read };
}

function virtualCard(): VirtualCardSimulator {
  const card = new VirtualCardSimulator({ clock, chance: { bytes: (length) => new Uint8Array(length) } });
  const wire = wireCard(card, { host: '127.0.0.1', port: VPCD_PORT, clock });
  cleanUps.push(() => wire.close());
  return card;
}

const CHEN = {
  kind: 'done',
  reply: {
    profile: 'livelihood-demo',
    cardNumber: '4401130000010017',
    holderName: '陈小明',
    holderId: '440113190001010016',
    endDate: '2040-12-31',
  },
  evidence: { method: 'iso7816.read', value: 'livelihood-demo' },
};
const isPresent = (status: DeviceStatus): boolean => status.media === 'present';
const isEmpty = (status: DeviceStatus): boolean => status.device === 'online' && status.media === 'notPresent';
const isOffline = (status: DeviceStatus): boolean => status.device === 'offline';

describe.skipIf(missing !== undefined)(`real PC/SC daemon${missing ? ` (missing: ${missing})` : ''}`, () => {
  it('waits for the daemon, reads, survives a kill and a restart of it, and reads again', async () => {
    expect(await listens(VPCD_PORT), `port ${VPCD_PORT} belongs to another program`).toBe(false);
    const { driver, until, read } = reader(READER);
    await until(isOffline, 'offline without a daemon');
    expect(driver.status().problem).toMatchObject({ code: 'device.absent' });

    const first = await startDaemon();
    await until(isEmpty, 'online and empty');
    const card = virtualCard();
    card.insert('livelihood-chen');
    await until(isPresent, 'present');
    expect(await read()).toMatchObject(CHEN);
    expect(await read(), 'a card left lying is read again').toMatchObject(CHEN);

    const died = once(first, 'exit');
    first.kill('SIGKILL');
    await until(isOffline, 'offline after the kill');
    // until then it holds the port of the virtual reader, and the next daemon would come up without it
    await died;
    expect(await read()).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.absent' } });
    await startDaemon();
    await until(isPresent, 'present on the new daemon');
    expect(await read()).toMatchObject(CHEN);
  });

  it('says within half a second that the card was pulled in the middle', async () => {
    expect(await listens(VPCD_PORT), `port ${VPCD_PORT} belongs to another program`).toBe(false);
    await startDaemon();
    const { until, read } = reader('');
    await until(isEmpty, 'online and empty');
    const card = virtualCard();
    for (const answers of [0, 1, 2]) {
      card.insert('livelihood-chen');
      await until(isPresent, 'present');
      let pulledAtMs = Number.NaN;
      const stop = card.onPresence((present) => {
        if (!present) pulledAtMs = clock.now();
      });
      card.faults.removeAfterExchange = answers;
      const outcome = await read();
      stop();
      expect(outcome).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'card.removed' } });
      expect(clock.now() - pulledAtMs).toBeLessThan(500);
      await until(isEmpty, 'empty after the pull');
      await pause(clock, 0);
    }
  });

  it('says card.unknown of a card that no profile describes, and reads T=0 manners', async () => {
    expect(await listens(VPCD_PORT), `port ${VPCD_PORT} belongs to another program`).toBe(false);
    await startDaemon();
    const { until, read } = reader('Virtual PCD');
    await until(isEmpty, 'online and empty');
    const card = virtualCard();
    card.insert('unknown');
    await until(isPresent, 'present');
    expect(await read()).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'card.unknown' } });
    card.remove();
    await until(isEmpty, 'empty');
    card.faults.getResponse = true;
    card.insert('livelihood-chen');
    await until(isPresent, 'present');
    expect(await read()).toMatchObject(CHEN);
  });
});

/** A card reader on the machine's real PC/SC daemon, for tests: a virtual card in its first slot, a virtual PSAM in its second. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { systemChance, systemClock } from '../../contract/clock.system.ts';
import type { SmartCardCommand, SmartCardReply } from '../../contract/devices/smart-card-reader.schema.ts';
import type { DeviceStatus } from '../../contract/driver.ts';
import type { Outcome } from '../../contract/outcome.schema.ts';
import { wireCard } from '../../drivers/smart-card-reader/simulator/card-wire.ts';
import { PsamSimulator } from '../../drivers/smart-card-reader/simulator/psam.simulator.ts';
import { VirtualCardSimulator } from '../../drivers/smart-card-reader/simulator/virtual-card.simulator.ts';
import { createSmartCardReader } from '../../drivers/smart-card-reader/smart-card-reader.driver.ts';
import { shippedProfile } from '../../drivers/smart-card-reader/testing/card-profiles.ts';
import { VPCD_PORT, VPCD_READER } from './pcscd.ts';

const PCSCD = '/usr/sbin/pcscd';
const VPCD_PSAM_PORT = VPCD_PORT + 1;
const PSAM_READER = 'Virtual PCD 00 01';
const STATUS_LIMIT_MS = 60_000;
const clock = systemClock;

export const isPresent = (status: DeviceStatus): boolean => status.media === 'present';
export const isEmpty = (status: DeviceStatus): boolean => status.device === 'online' && status.media === 'notPresent';
export const isOffline = (status: DeviceStatus): boolean => status.device === 'offline';

/** Everything a test starts, ended in reverse. */
export class PcscdBench {
  readonly #cleanUps: (() => Promise<unknown>)[] = [];

  async close(): Promise<void> {
    for (const cleanUp of this.#cleanUps.splice(0).toReversed()) await cleanUp();
  }

  /** Rejects when another program has the port of the virtual reader. */
  async startDaemon(): Promise<ChildProcess> {
    if (await listens(VPCD_PORT)) throw new Error(`port ${VPCD_PORT} belongs to another program`);
    const daemon = spawn(PCSCD, ['--foreground'], { stdio: 'ignore' });
    const ended = once(daemon, 'exit');
    this.#cleanUps.push(async () => {
      daemon.kill('SIGTERM');
      await ended;
    });
    return daemon;
  }

  /** SIGKILL, as when it crashes; resolves when it is gone. */
  async kill(daemon: ChildProcess): Promise<void> {
    const ended = once(daemon, 'exit');
    daemon.kill('SIGKILL');
    await ended;
  }

  card(): VirtualCardSimulator {
    const card = new VirtualCardSimulator({ clock, chance: systemChance });
    const wire = wireCard(card, { host: '127.0.0.1', port: VPCD_PORT, clock });
    this.#cleanUps.push(() => wire.close());
    return card;
  }

  psam(): PsamSimulator {
    const psam = new PsamSimulator({ clock, chance: systemChance });
    const wire = wireCard(psam, { host: '127.0.0.1', port: VPCD_PSAM_PORT, clock });
    this.#cleanUps.push(() => wire.close());
    return psam;
  }

  reader(name: string = VPCD_READER) {
    const driver = createSmartCardReader(
      { id: 'card-reader', class: 'smart-card-reader', model: 'pcsc', link: { kind: 'pcsc', reader: name } },
      {
        clock,
        cardProfiles: [shippedProfile('livelihood-demo'), shippedProfile('social-security')],
        settings: { psam: { reader: PSAM_READER } },
      },
    );
    this.#cleanUps.push(() => driver.close());
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
    const run = (command: SmartCardCommand, ms = 10_000): Promise<Outcome<SmartCardReply>> =>
      driver.execute(command, { deadline: clock.now() + ms, signal: new AbortController().signal });
    return { driver, until, run };
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

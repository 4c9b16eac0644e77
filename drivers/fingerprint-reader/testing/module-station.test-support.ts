/** A driver and a simulated module on one wire, on a clock that the test moves. */
import { expect } from 'vitest';
import type { FingerprintCommand, FingerprintReply } from '../../../contract/devices/fingerprint-reader.schema.ts';
import type { Outcome } from '../../../contract/outcome.schema.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { FakeLink } from '../../link/testing/fake.link.ts';
import { seededChance } from '../../testing/conformance/trial.test-support.ts';
import { fingerprintModel, type FingerprintModelName } from '../fingerprint-models.ts';
import { FingerprintReaderDriver } from '../fingerprint-reader.driver.ts';
import { fingerOf, templateOf, type FingerName, type Person } from '../simulator/fingers.ts';
import { ZfmSimulator, type ZfmOptions } from '../simulator/zfm.simulator.ts';

export interface StationOptions {
  readonly model?: FingerprintModelName;
  readonly module?: Partial<ZfmOptions>;
  readonly password?: number;
  readonly address?: number;
  /** What becomes of the module's bytes on their way. */
  readonly wire?: (bytes: Uint8Array) => Uint8Array;
  /** Before the driver is there. */
  readonly prepare?: (module: ZfmSimulator) => void;
}

export function moduleStation(options: StationOptions = {}) {
  const { model: name = 'zfm-20', password, address, wire = (bytes) => bytes } = options;
  const clock = new SimulatedClock();
  const link = new FakeLink();
  const chance = seededChance(1);
  const module = new ZfmSimulator({ clock, chance, ...options.module });
  options.prepare?.(module);
  link.device = (hex) => module.feed(Uint8Array.from(Buffer.from(hex, 'hex')));
  module.onOutput((bytes) => link.say(Buffer.from(wire(bytes)).toString('hex')));
  module.onHangUp(() => {
    module.disconnected();
    link.vanish();
  });
  const model = fingerprintModel(name);
  if (!model) throw new Error(`no model ${name}`);
  const driver = new FingerprintReaderDriver({ id: 'finger', model, link, clock, password, address });
  const start = (command: FingerprintCommand, ms = 30_000, signal = new AbortController().signal) =>
    driver.execute(command, { deadline: clock.now() + ms, signal });
  return {
    clock,
    link,
    module,
    driver,
    start,
    execute: (command: FingerprintCommand, ms?: number): Promise<Outcome<FingerprintReply>> =>
      clock.runUntil(start(command, ms)),
  };
}

/** A stored template of the module's own kind. */
export function storedTemplate(person: Person, finger: FingerName, bytes = 512): string {
  return Buffer.from(templateOf(fingerOf(person, finger), bytes, 99)).toString('base64');
}

/** Stations of one test file: online when they are handed out, closed without a timer left when `end` has run. */
export function onlineStations() {
  const open: ModuleStation[] = [];
  return {
    keep(station: ModuleStation): ModuleStation {
      open.push(station);
      return station;
    },
    async online(options: StationOptions = {}): Promise<ModuleStation> {
      const station = moduleStation(options);
      open.push(station);
      await station.clock.run(30_000);
      return station;
    },
    async end(): Promise<void> {
      for (const { driver, clock } of open.splice(0)) {
        await driver.close();
        await clock.run(100_000);
        expect(clock.pendingTimers).toBe(0);
      }
    },
  };
}

export type ModuleStation = ReturnType<typeof moduleStation>;

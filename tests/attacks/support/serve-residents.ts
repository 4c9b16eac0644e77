/** A kiosk with the devices of the ledger's own tests beside it, on simulated time: served until its residents are through. */
import { createEffects } from '../../../engine/ledger/effects.ts';
import type { Ledger } from '../../../engine/ledger/ledger.ts';
import { recover } from '../../../engine/ledger/recovery.ts';
import { FakeDevices, NO_FAULTS } from '../../../engine/ledger/test-support/fake-devices.ts';
import type { SimulatedClock } from '../../support/simulated-clock.ts';
import type { Draw } from './draw.ts';
import { drawFaults, sealOf, serveResident } from './residents.ts';

const LIMIT_MS = 3_600_000;

export interface Service {
  readonly ledger: Ledger;
  readonly clock: SimulatedClock;
  readonly draw: Draw;
  readonly residents: number;
}

/** Settles what the last run left open, as a start does, then serves. */
export async function serveResidents({ ledger, clock, draw, residents }: Service): Promise<void> {
  const devices = new FakeDevices();
  const kiosk = { ledger, devices, clock, chance: draw, seal: sealOf(draw) };
  await clock.runUntil(recover(kiosk), LIMIT_MS);
  const effects = createEffects(kiosk);
  for (let count = 0; count < residents; count++) {
    Object.assign(devices.faults, NO_FAULTS, drawFaults(draw));
    await clock.runUntil(serveResident({ ledger, effects, draw }), LIMIT_MS);
  }
}

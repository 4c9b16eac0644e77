/** A driver of this class and its simulated device on one simulated clock. */
import type { HealthCommand, HealthReply } from '../../../contract/devices/health.schema.ts';
import type { Outcome } from '../../../contract/outcome.schema.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { MemoryWire } from '../../testing/conformance/memory-wire.ts';
import type { SimulatedDevice } from '../../testing/conformance/subject.ts';
import { seededChance } from '../../testing/conformance/trial.test-support.ts';
import { healthModel } from '../health-models.ts';

export type Surroundings = { readonly clock: SimulatedClock; readonly chance: ReturnType<typeof seededChance> };

export async function rig<Device extends SimulatedDevice>(model: string, make: (s: Surroundings) => Device) {
  const clock = new SimulatedClock();
  const device = make({ clock, chance: seededChance(1) });
  const wire = new MemoryWire(device, clock, seededChance(2));
  const row = healthModel(model);
  if (!row) throw new Error(model);
  const settings = { utcOffsetMinutes: 480, resultOffset: 7, isChunked: false } as const;
  const driver = row.open({ id: 'health-1', link: wire.link, clock, ...settings });
  await clock.run(2_000);
  const measure = (
    quantity: HealthCommand['quantity'],
    ms = 20_000,
    signal = new AbortController().signal,
  ): Promise<Outcome<HealthReply>> =>
    driver.execute({ kind: 'measure', quantity }, { deadline: clock.now() + ms, signal }) as Promise<
      Outcome<HealthReply>
    >;
  return { clock, device, wire, driver, measure };
}

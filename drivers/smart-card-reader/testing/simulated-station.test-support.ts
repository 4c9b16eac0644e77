/** A driver with a simulated card and a simulated PSAM in their slots, on a clock that the test moves. */
import type { CardProfile } from '../../../contract/card-profile.schema.ts';
import type { SmartCardCommand, SmartCardReply } from '../../../contract/devices/smart-card-reader.schema.ts';
import type { Outcome } from '../../../contract/outcome.schema.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { PsamSimulator } from '../simulator/psam.simulator.ts';
import { VirtualCardSimulator } from '../simulator/virtual-card.simulator.ts';
import { createSmartCardReader } from '../smart-card-reader.driver.ts';
import { VpcdCardLink } from '../vpcd.link.ts';
import { shippedProfile } from './card-profiles.ts';
import { SimulatedCardLink } from './simulated-card.link.ts';

/** 2024-05-01 08:30:15 where the card is, as in the sheet's purchase. */
const MAY_FIRST_MS = Date.UTC(2024, 4, 1, 0, 30, 15);
const ALL = ['livelihood-demo', 'social-security', 'city-union', 't-union', 'lingnan-pass'] as const;

export async function simulatedStation(
  options: { readonly profiles?: readonly CardProfile[]; readonly hasPsam?: boolean; readonly model?: string } = {},
) {
  const { profiles = ALL.map(shippedProfile), hasPsam = true, model = 'virtual' } = options;
  const clock = new SimulatedClock(MAY_FIRST_MS);
  let count = 0;
  const chance = { bytes: (length: number) => Uint8Array.from({ length }, () => (count = (count * 73 + 41) & 0xff)) };
  const card = new VirtualCardSimulator({ clock, chance });
  const psam = new PsamSimulator({ clock, chance });
  const driver = createSmartCardReader(
    { id: 'card', class: 'smart-card-reader', model, link: { kind: 'vpcd', port: 1 } },
    {
      clock,
      cardProfiles: profiles,
      link: new VpcdCardLink(new SimulatedCardLink(card), clock),
      ...(hasPsam ? { psam: new VpcdCardLink(new SimulatedCardLink(psam), clock) } : {}),
    },
  );
  await clock.run(10);
  const execute = (command: SmartCardCommand, ms = 10_000): Promise<Outcome<SmartCardReply>> =>
    driver.execute(command, { deadline: clock.now() + ms, signal: new AbortController().signal });
  return {
    ...{ clock, card, psam, driver, execute },
    async lay(id: string) {
      card.insert(id);
      await clock.run(10);
    },
    async run(command: SmartCardCommand, ms?: number) {
      return clock.runUntil(execute(command, ms));
    },
  };
}

export type SimulatedStation = Awaited<ReturnType<typeof simulatedStation>>;

/** upsd with one supply, for the conformance suite. */
import type { UpsReply } from '../../../contract/devices/ups.schema.ts';
import { subject, type ConformanceSubject } from '../../testing/conformance/subject.ts';
import type { AnyDriver } from '../../opener.ts';
import { NutSimulator } from '../simulator/nut.simulator.ts';
import { upsModel } from '../ups-models.ts';
import { UpsDriver } from '../ups.driver.ts';

const UPS = 'kiosk';

export const SUBJECTS: readonly ConformanceSubject[] = [
  subject<NutSimulator>({
    name: 'ups nut',
    openDriver(link, clock) {
      const model = upsModel('nut');
      if (!model) throw new Error('no model');
      return new UpsDriver({ id: 'ups', model, ups: UPS, link, clock }) as AnyDriver;
    },
    openDevice: ({ clock, chance }) => new NutSimulator({ clock, chance, ups: UPS }),
    tasks: [
      {
        name: 'read on mains',
        command: { kind: 'read' },
        budgetMs: 5_000,
        check: (reply) => expectReply(reply, { onBattery: false, batteryLow: false, chargePercent: 100 }),
      },
      {
        name: 'read with the battery low',
        command: { kind: 'read' },
        budgetMs: 5_000,
        prepare(device) {
          device.pullMains();
          device.setCharge(9);
        },
        check: (reply) => expectReply(reply, { onBattery: true, batteryLow: true, chargePercent: 9 }),
      },
    ],
    // a reading each 2 s, three silent ones
    noticeMs: 12_000,
  }),
];

function expectReply(reply: unknown, wanted: Partial<UpsReply>): void {
  const got = reply as UpsReply;
  for (const [name, value] of Object.entries(wanted)) {
    if (got[name as keyof UpsReply] !== value) throw new Error(`${name} is ${String(got[name as keyof UpsReply])}`);
  }
}

/** An I/O board on either wire, for the conformance suite. */
import type { SensorsReply } from '../../../contract/devices/sensors-and-lights.schema.ts';
import type { AnyDriver } from '../../opener.ts';
import { subject, type ConformanceSubject } from '../../testing/conformance/subject.ts';
import { ioModel, type IoModelName } from '../io-models.ts';
import { SensorsAndLightsDriver } from '../sensors-and-lights.driver.ts';
import { IoBoardSimulator } from '../simulator/io-board.simulator.ts';

function board(name: IoModelName): ConformanceSubject {
  return subject<IoBoardSimulator>({
    name: `sensors-and-lights ${name}`,
    openDriver(link, clock) {
      const model = ioModel(name);
      if (!model) throw new Error(name);
      return new SensorsAndLightsDriver({ id: 'io', model, settings: {}, link, clock }) as AnyDriver;
    },
    openDevice: ({ clock, chance }) =>
      new IoBoardSimulator({ clock, chance, framing: name === 'modbus-tcp' ? 'tcp' : 'rtu' }),
    tasks: [
      {
        name: 'read with all doors closed',
        command: { kind: 'read' },
        budgetMs: 5_000,
        check: (reply) => expectSignals(reply, false),
      },
      {
        name: 'read with the service door just opened',
        command: { kind: 'read' },
        budgetMs: 5_000,
        prepare: (device) => device.setInput(1, true),
        check: (reply) => expectSignals(reply, true),
      },
      {
        name: 'light',
        command: { kind: 'light', name: 'scanner', rate: 'continuous' },
        budgetMs: 5_000,
        // dark before, as after a power cut
        prepare: (device) => device.powerCycle(),
        acts: (device) => device.state.coilChanges,
      },
    ],
    noticeMs: 6_000,
  });
}

export const SUBJECTS: readonly ConformanceSubject[] = [board('modbus-rtu'), board('modbus-tcp')];

function expectSignals(reply: unknown, isOpen: boolean): void {
  const got = reply as SensorsReply;
  if (got.kind !== 'read' || got.signals['serviceDoor'] !== isOpen) throw new Error(JSON.stringify(got));
}

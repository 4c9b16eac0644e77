/** The lock boards as the conformance suite opens them: three protocols, each with its own wiring. */
import { ok } from '../../../contract/outcome.schema.ts';
import { subject, type ConformanceSubject } from '../../testing/conformance/subject.ts';
import type { AnyDriver } from '../../opener.ts';
import { lockerModel, type LockerModelName } from '../locker-models.ts';
import { doorsOf, type LockerBoard } from '../locker-settings.schema.ts';
import { LockerDriver } from '../locker.driver.ts';
import { LockerSimulator } from '../simulator/locker.simulator.ts';

const ROWS: readonly { model: LockerModelName; board: LockerBoard }[] = [
  { model: 'board-8a', board: { address: 1, locks: 8, polarity: 'bitMeansClosed', firstDoor: 1 } },
  { model: 'kerong-cu16', board: { address: 0, locks: 16, polarity: 'bitMeansClosed', firstDoor: 1, infrared: true } },
  { model: 'cu48', board: { address: 0, locks: 24, polarity: 'bitMeansOpen', firstDoor: 101 } },
];

/** The simulator counts its doors from 1, whatever is printed on them. */
const THIRD = 3;

export const SUBJECTS: readonly ConformanceSubject[] = ROWS.map(({ model: name, board }) => {
  const model = lockerModel(name);
  const doors = model ? doorsOf({ boards: [board] }, model) : ok(new Map<number, never>());
  if (!model || !doors.ok) throw new Error(`no model ${name}`);
  const door = board.firstDoor + THIRD - 1;
  return subject({
    name: `locker ${name}`,
    openDriver: (link, clock) =>
      new LockerDriver({ id: 'locker', model, doors: doors.value, link, clock }) as AnyDriver,
    openDevice: ({ clock, chance }) =>
      new LockerSimulator({
        clock,
        chance,
        model: name,
        boards: [board.address],
        locks: board.locks,
        sensor: board.polarity === 'bitMeansOpen' ? 'bitMeansOpen' : 'bitMeansClosed',
      }),
    noticeMs: 15_000,
    tasks: [
      { name: 'state of a shut door', command: { kind: 'state', door }, budgetMs: 5_000, prepare: shut },
      {
        name: 'state of an open door',
        command: { kind: 'state', door },
        budgetMs: 5_000,
        prepare: (device) => void device.setDoor(THIRD, { open: true }),
      },
      { name: 'open', command: { kind: 'open', door }, budgetMs: 10_000, prepare: shut, acts: pulses },
      { name: 'commission', command: { kind: 'commission', door }, budgetMs: 10_000, prepare: shut, acts: pulses },
    ],
  });
});

function shut(device: LockerSimulator): void {
  device.setDoor(THIRD, { open: false });
}

function pulses(device: LockerSimulator): number {
  return device.state.pulses;
}

/** The lockers of the station: doors to shut and pull open, latches that stick, boards that lie. */
import Type from 'typebox';
import { fail } from '../../contract/outcome.schema.ts';
import { LockerSimulator, noLockerFaults } from '../../drivers/locker/simulator/locker.simulator.ts';
import { isLockerWire } from '../../drivers/locker/simulator/locker-wires.ts';
import { NoInput } from '../station-actions.schema.ts';
import { action, serve, type DeviceControls, type OpenSimulator } from '../station-device.ts';
import { healWire, wireActions } from '../wire-actions.ts';

const LOCKS = 12;
const closed = { additionalProperties: false } as const;
const Door = Type.Integer({ title: 'Door number, as printed', minimum: 1, maximum: LOCKS });
const OneDoor = Type.Object({ door: Door }, closed);
const Latch = Type.Object({ door: Door, stuck: Type.Boolean({ title: 'The latch is stuck' }) }, closed);
const Contents = Type.Object({ door: Door, occupied: Type.Boolean({ title: 'Something lies in it' }) }, closed);
const flag = (title: string) => Type.Optional(Type.Boolean({ title }));
const Faults = Type.Object(
  {
    wrongPolarity: flag('Door sensors wired the other way round'),
    lyingEcho: flag('The board says yes and moves nothing'),
    muteEcho: flag('The board opens and says nothing'),
    busyMs: Type.Optional(Type.Integer({ title: 'Busy after a pulse, milliseconds', minimum: 0, maximum: 60_000 })),
    ownEcho: flag('The line gives the kiosk its own bytes back'),
    offByOne: flag('The lock beside opens instead'),
    wrongChecksum: flag('Every answer has a wrong checksum'),
    strayOpenState: flag('After a pulse comes an "open" that nobody asked for'),
    staleAnswers: flag('Each answer is the one of the question before'),
  },
  closed,
);

export const openLocker: OpenSimulator<'locker'> = async (config, { clock, chance }) => {
  const { id, class: deviceClass, model } = config;
  if (!isLockerWire(model)) throw new Error(`no simulator of the locker ${model}`);
  const cabinet = new LockerSimulator({ clock, chance, model, locks: LOCKS });
  return { id, class: deviceClass, model, ...lockerControls(cabinet), ...(await serve(cabinet, config.listen)) };
};

function lockerControls(cabinet: LockerSimulator): DeviceControls {
  const set = (door: number, change: Parameters<LockerSimulator['setDoor']>[1]) =>
    cabinet.setDoor(door, change) ? undefined : fail('kiosk.badMessage', `no door ${door}`);
  return {
    state: () => cabinet.state,
    actions: {
      'close-door': action(OneDoor, ({ door }) => set(door, { open: false })),
      'open-door': action(OneDoor, ({ door }) => set(door, { open: true })),
      latch: action(Latch, ({ door, stuck }) => set(door, { stuck })),
      contents: action(Contents, ({ door, occupied }) => set(door, { occupied })),
      'close-all': action(NoInput, () => cabinet.closeAll()),
      faults: action(Faults, (faults) => void Object.assign(cabinet.faults, faults)),
      ...wireActions(cabinet.wire),
      reset: action(NoInput, () => {
        Object.assign(cabinet.faults, noLockerFaults());
        healWire(cabinet.wire);
        cabinet.closeAll();
      }),
    },
  };
}

/** A locker driver and a simulated cabinet on one wire, under a clock in the test's hand. */
import type { LockerCommand } from '../../../contract/devices/locker.schema.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { FakeLink } from '../../link/testing/fake.link.ts';
import { bytesOf, hexOf } from '../../testing/frames.ts';
import { lockerModel, type LockerModelName } from '../locker-models.ts';
import { doorsOf, type LockerBoard } from '../locker-settings.schema.ts';
import { LockerDriver } from '../locker.driver.ts';
import { LockerSimulator } from '../simulator/locker.simulator.ts';

export function boardOf(board: Partial<LockerBoard> = {}): LockerBoard {
  return { address: 1, locks: 8, polarity: 'bitMeansClosed', firstDoor: 1, ...board };
}

export function driverOn(link: FakeLink, clock: SimulatedClock, name: LockerModelName, boards: readonly LockerBoard[]) {
  const model = lockerModel(name);
  const doors = model && doorsOf({ boards: [...boards] }, model);
  if (!model || !doors?.ok) throw new Error(`no ${name}: ${JSON.stringify(doors)}`);
  return new LockerDriver({ id: 'locker', model, doors: doors.value, link, clock });
}

export function cabinet(name: LockerModelName = 'kerong-cu16', boards: readonly LockerBoard[] = [boardOf()]) {
  const clock = new SimulatedClock();
  const link = new FakeLink();
  const simulator = new LockerSimulator({
    clock,
    chance: { bytes: (length) => new Uint8Array(length).fill(0xa5) },
    model: name,
    boards: boards.map(({ address }) => address),
    locks: boards[0]?.locks ?? 8,
  });
  link.device = (hex) => simulator.feed(bytesOf(hex));
  simulator.onOutput((bytes) => link.say(hexOf(bytes)));
  simulator.onHangUp(() => link.vanish());
  const driver = driverOn(link, clock, name, boards);
  const execute = (command: LockerCommand, ms = 20_000, signal = new AbortController().signal) =>
    driver.execute(command, { deadline: clock.now() + ms, signal });
  return {
    clock,
    link,
    simulator,
    driver,
    execute,
    /** Runs the command to its end. */
    ran: (command: LockerCommand, ms?: number) => clock.runUntil(execute(command, ms)),
    pulses: () => simulator.state.pulses,
  };
}

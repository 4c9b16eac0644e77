/** What can be wrong with any wire, whatever it carries. */
import { noWireFaults, type FaultyWire } from '../drivers/simulator/faulty-wire.ts';
import { NoInput, WireFaultsInput } from './station-actions.schema.ts';
import { action, type StationAction } from './station-device.ts';

export function wireActions(wire: FaultyWire): Readonly<Record<'wire' | 'hang-up', StationAction>> {
  return {
    wire: action(WireFaultsInput, (faults) => void Object.assign(wire.faults, faults)),
    'hang-up': action(NoInput, () => wire.hangUp()),
  };
}

export function healWire(wire: FaultyWire): void {
  Object.assign(wire.faults, noWireFaults());
}

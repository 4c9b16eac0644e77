/** The cards of the station: one is laid on the reader, pulled off, or spoiled. */
import { fail } from '../../contract/outcome.schema.ts';
import { wireCard } from '../../drivers/smart-card-reader/simulator/card-wire.ts';
import { VirtualCardSimulator } from '../../drivers/smart-card-reader/simulator/virtual-card.simulator.ts';
import { CardFaultsInput, InsertInput, NoInput } from '../station-actions.schema.ts';
import { action, type DeviceControls, type OpenSimulator } from '../station-device.ts';
import { healWire, wireActions } from '../wire-actions.ts';

export const openSmartCardReader: OpenSimulator<'smart-card-reader'> = (config, { clock, chance }) => {
  const { id, class: deviceClass, model, listen } = config;
  const card = new VirtualCardSimulator({ clock, chance });
  const wire = wireCard(card, { host: listen.host, port: listen.port, clock });
  return Promise.resolve({ id, class: deviceClass, model, ...cardControls(card), port: 0, ...wire });
};

function cardControls(card: VirtualCardSimulator): DeviceControls {
  const noFaults = { ...card.faults };
  return {
    state: () => card.state,
    actions: {
      insert: action(InsertInput, ({ card: id }) => {
        if (!card.insert(id)) return fail('kiosk.badMessage', `no card ${id}`);
      }),
      remove: action(NoInput, () => card.remove()),
      faults: action(CardFaultsInput, (faults) => void Object.assign(card.faults, faults)),
      ...wireActions(card.wire),
      reset: action(NoInput, () => {
        card.remove();
        Object.assign(card.faults, noFaults);
        healWire(card.wire);
      }),
    },
  };
}

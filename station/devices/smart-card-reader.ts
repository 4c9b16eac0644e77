/** The cards of the station: one is laid on the reader, pulled off, torn or spoiled; its PSAM is in the slot beside it. */
import Type from 'typebox';
import { fail } from '../../contract/outcome.schema.ts';
import { wireCard } from '../../drivers/smart-card-reader/simulator/card-wire.ts';
import { noPsamFaults, PsamSimulator } from '../../drivers/smart-card-reader/simulator/psam.simulator.ts';
import {
  noCardFaults,
  VirtualCardSimulator,
} from '../../drivers/smart-card-reader/simulator/virtual-card.simulator.ts';
import { InsertInput, NoInput } from '../station-actions.schema.ts';
import { action, type DeviceControls, type OpenSimulator } from '../station-device.ts';
import { healWire, wireActions } from '../wire-actions.ts';

const closed = { additionalProperties: false } as const;
const Switch = (title: string) => Type.Optional(Type.Boolean({ title }));
const SlowMs = Type.Optional(
  Type.Integer({ title: 'Each answer takes so many milliseconds', minimum: 0, maximum: 600_000 }),
);

const CardFaultsInput = Type.Object(
  {
    removeAfterExchange: Type.Optional(
      Type.Union([Type.Null(), Type.Integer({ minimum: 0, maximum: 1_000 })], {
        title: 'Pull the card after so many answers',
      }),
    ),
    tear: Type.Optional(
      Type.Enum(['none', 'beforeDebit', 'afterDebit'], { title: 'Pull the card while money is taken from it' }),
    ),
    garbage: Switch('Answers are rubbish'),
    slowMs: SlowMs,
    getResponse: Switch('Answer as old contact cards do (61 xx, 6C xx)'),
    countsAhead: Switch('Number a purchase one higher than announced'),
    signBit: Switch('Set the meaningless top bit of the balance'),
    wrongMac2: Switch('Give a wrong receipt (MAC2) for the PSAM'),
    refuseMac1: Switch('Refuse the PSAM’s signature (MAC1)'),
  },
  closed,
);

const PsamInput = Type.Object({ isIn: Type.Boolean({ title: 'PSAM in its slot' }) }, closed);
const PsamFaultsInput = Type.Object(
  {
    refuseKey: Switch('Does not know the card’s key'),
    refuseMac2: Switch('Calls the card’s receipt wrong'),
    muteAt: Type.Optional(
      Type.Enum(['never', '70', '72'], { title: 'Falls silent at INITIALIZE (70) or CREDIT (72)' }),
    ),
    slowMs: SlowMs,
  },
  closed,
);

/** The PSAM's slot is the port behind the card's, as with the two slots of a virtual reader (device-protocols 2.7). */
export const openSmartCardReader: OpenSimulator<'smart-card-reader'> = (config, { clock, chance }) => {
  const { id, class: deviceClass, model, listen } = config;
  const card = new VirtualCardSimulator({ clock, chance });
  const psam = new PsamSimulator({ clock, chance });
  // a site without a PSAM has nobody listening there: it goes in when a person puts it in
  psam.remove();
  const wire = wireCard(card, { host: listen.host, port: listen.port, clock });
  const psamWire = wireCard(psam, { host: listen.host, port: listen.port + 1, clock });
  return Promise.resolve({
    ...{ id, class: deviceClass, model, ...cardControls(card, psam), port: 0, address: wire.address },
    async close() {
      await Promise.all([wire.close(), psamWire.close()]);
    },
  });
};

function cardControls(card: VirtualCardSimulator, psam: PsamSimulator): DeviceControls {
  return {
    state: () => ({ ...card.state, psam: psam.state }),
    actions: {
      insert: action(InsertInput, ({ card: id }) => {
        if (!card.insert(id)) return fail('kiosk.badMessage', `no card ${id}`);
      }),
      remove: action(NoInput, () => card.remove()),
      faults: action(CardFaultsInput, (faults) => void Object.assign(card.faults, faults)),
      psam: action(PsamInput, ({ isIn }) => (isIn ? psam.insert() : psam.remove())),
      'psam-faults': action(PsamFaultsInput, (faults) => void Object.assign(psam.faults, faults)),
      /** Purses as they were issued, PINs never tried. */
      reissue: action(NoInput, () => card.reissue()),
      ...wireActions(card.wire),
      reset: action(NoInput, () => {
        card.reissue();
        Object.assign(card.faults, noCardFaults());
        Object.assign(psam.faults, noPsamFaults());
        healWire(card.wire);
        healWire(psam.wire);
      }),
    },
  };
}

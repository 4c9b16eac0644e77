/** The ID-card reader of the station: cards to lay on it and lift, a module that is not well, a hand that is too quick. */
import Type from 'typebox';
import { fail } from '../../contract/outcome.schema.ts';
import { ID_CARDS } from '../../drivers/id-card-reader/simulator/id-cards.ts';
import { noSamFaults, SamSimulator } from '../../drivers/id-card-reader/simulator/sam.simulator.ts';
import { NoInput } from '../station-actions.schema.ts';
import { action, serve, type DeviceControls, type OpenSimulator } from '../station-device.ts';
import { healWire, wireActions } from '../wire-actions.ts';

/** What the card takes for a reading. */
const RADIO_MS = 700;

const closed = { additionalProperties: false } as const;

const LayInput = Type.Object(
  {
    card: Type.Enum(
      ID_CARDS.map(({ id }) => id),
      { title: 'Card to lay on the reader' },
    ),
  },
  closed,
);

const Times = (title: string) => Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000, title }));
const Switch = (title: string) => Type.Optional(Type.Boolean({ title }));

export const IdCardFaultsInput = Type.Object(
  {
    samCode: Type.Optional(
      Type.Union([Type.Null(), Type.Enum([0x47, 0x60, 0x66])], {
        title: 'Module at fault: 71 no random numbers, 96 self-test failed, 102 not licensed',
      }),
    ),
    resetMends: Switch('A reset mends the module'),
    readCode: Type.Optional(
      Type.Union([Type.Null(), Type.Enum([0x21, 0x23, 0x24, 0x31, 0x32, 0x33, 0x40, 0x41])], {
        title: 'A reading ends with: 49 to 51 not genuine, 64 no ID card, 65 read failed',
      }),
    ),
    misheard: Times('Questions that arrive damaged'),
    wrongChecksums: Times('Answers with a wrong checksum'),
    garbage: Switch('Noise before each answer'),
    foreignFrame: Switch('Another device’s frame before each answer'),
    stale: Switch('The last answer again before each answer'),
    pulledAtExchange: Type.Optional(
      Type.Union([Type.Null(), Type.Integer({ minimum: 1, maximum: 20 })], {
        title: 'Card pulled off at question number (1 find, 2 select, 3 read, 4 address)',
      }),
    ),
    radioMs: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10_000, title: 'Milliseconds that the card takes to be read' }),
    ),
    paced: Switch('Answers as slowly as a line of 115200 baud'),
    liftAgain: Switch('The same card must be lifted before it is found again'),
  },
  closed,
);

export const openIdCardReader: OpenSimulator<'id-card-reader'> = async (config, { clock, chance }) => {
  const { id, class: deviceClass, model } = config;
  const reader = new SamSimulator({
    clock,
    chance,
    transport: model === 'sam-v-hid' ? 'hid' : 'stream',
    radioMs: RADIO_MS,
    liftAgain: model !== 'sam-v-refind',
  });
  return { id, class: deviceClass, model, ...readerControls(reader), ...(await serve(reader, config.listen)) };
};

function readerControls(reader: SamSimulator): DeviceControls {
  const { radioMs, liftAgain } = reader.faults;
  return {
    state: () => ({ ...reader.state, cards: ID_CARDS.map(({ id, label, note }) => ({ id, label, note })) }),
    actions: {
      lay: action(LayInput, ({ card }) => {
        if (!reader.lay(card)) return fail('kiosk.badMessage', `no card ${card}`);
      }),
      lift: action(NoInput, () => reader.lift()),
      faults: action(IdCardFaultsInput, (faults) => void Object.assign(reader.faults, faults)),
      ...wireActions(reader.wire),
      reset: action(NoInput, () => {
        reader.lift();
        Object.assign(reader.faults, noSamFaults(radioMs, liftAgain));
        healWire(reader.wire);
      }),
    },
  };
}

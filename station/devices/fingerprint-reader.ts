/** The fingerprint module of the station: whose finger lies on it, how good its print is, and what goes wrong. */
import Type from 'typebox';
import { FINGER_NAMES, PEOPLE, SKINS } from '../../drivers/fingerprint-reader/simulator/fingers.ts';
import { noZfmFaults, ZfmSimulator } from '../../drivers/fingerprint-reader/simulator/zfm.simulator.ts';
import { NoInput } from '../station-actions.schema.ts';
import { action, serve, type DeviceControls, type OpenSimulator } from '../station-device.ts';
import { healWire, wireActions } from '../wire-actions.ts';

const closed = { additionalProperties: false } as const;

const PressInput = Type.Object(
  {
    person: Type.Enum([...PEOPLE], { title: 'Whose finger' }),
    finger: Type.Enum([...FINGER_NAMES], { title: 'Which finger' }),
    quality: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100, title: 'Quality of the print, under 40 is too poor (empty: as it is)' }),
    ),
    skin: Type.Optional(Type.Enum([...SKINS], { title: 'Skin' })),
  },
  closed,
);

const Fault = (title: string) => Type.Optional(Type.Boolean({ title }));
const Amount = (title: string, maximum: number) => Type.Optional(Type.Integer({ minimum: 0, maximum, title }));

const FaultsInput = Type.Object(
  {
    blind: Fault('Does not see a finger that lies there'),
    captureFails: Fault('Sees the finger but gets no picture'),
    busy: Fault('Says that it is busy'),
    badChecksum: Fault('Every answer is damaged'),
    staleAck: Fault('Repeats its last answer before each new one'),
    echoAfterMs: Amount('Repeats each answer after so many milliseconds (0 = never)', 10_000),
    wrongAddress: Fault('Answers under another address'),
    receiveErrors: Amount('Cannot read the next so many commands', 100),
    losesDataPacket: Fault('Loses a part of each upload'),
    noParameters: Fault('Clone: does not tell its parameters'),
    noRandom: Fault('Clone: knows no random numbers'),
    flashError: Fault('Cannot write its memory'),
    splitEveryBytes: Amount('The USB bridge splits after so many bytes (0 = never)', 256),
    splitGapMs: Amount('Milliseconds between two pieces', 1_000),
  },
  closed,
);

export const openFingerprintReader: OpenSimulator<'fingerprint-reader'> = async (config, { clock, chance }) => {
  const { id, class: deviceClass, model } = config;
  const templateBytes = model === 'r503' || model === 'jm-101b' ? 768 : 512;
  const module = new ZfmSimulator({ clock, chance, sizes: { templateBytes } });
  return { id, class: deviceClass, model, ...moduleControls(module), ...(await serve(module, config.listen)) };
};

function moduleControls(module: ZfmSimulator): DeviceControls {
  return {
    state: () => module.state,
    actions: {
      press: action(PressInput, ({ person, finger, quality, skin }) =>
        module.press(person, finger, {
          ...(quality === undefined ? {} : { quality }),
          ...(skin === undefined ? {} : { skin }),
        }),
      ),
      lift: action(NoInput, () => module.lift()),
      'power-cycle': action(NoInput, () => module.powerCycle()),
      faults: action(FaultsInput, (faults) => void Object.assign(module.faults, faults)),
      ...wireActions(module.wire),
      reset: action(NoInput, () => {
        module.lift();
        module.powerCycle();
        Object.assign(module.faults, noZfmFaults());
        healWire(module.wire);
      }),
    },
  };
}

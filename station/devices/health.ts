/** The health hut of the station: a finger in the clip, an arm in the cuff, feet on the scale, and meters that remember. */
import Type from 'typebox';
import { CuffSimulator, noMonitorFaults, type CuffModel } from '../../drivers/health/simulator/cuff.simulator.ts';
import { MeterSimulator, noMeterFaults, type MeterModel } from '../../drivers/health/simulator/meter.simulator.ts';
import { noOmronFaults, OmronSimulator } from '../../drivers/health/simulator/omron.simulator.ts';
import {
  noOximeterFaults,
  OximeterSimulator,
  type OximeterModel,
} from '../../drivers/health/simulator/oximeter.simulator.ts';
import type { ByteSimulator } from '../../drivers/simulator/byte-simulator.ts';
import type { FaultyWire } from '../../drivers/simulator/faulty-wire.ts';
import { NoInput } from '../station-actions.schema.ts';
import { action, serve, type DeviceControls, type OpenSimulator, type Surroundings } from '../station-device.ts';
import { healWire, wireActions } from '../wire-actions.ts';

const closed = { additionalProperties: false } as const;
const whole = (title: string, minimum: number, maximum: number, value: number) =>
  Type.Optional(Type.Integer({ title, minimum, maximum, default: value }));
const Switch = (title: string) => Type.Optional(Type.Boolean({ title }));

const FingerInput = Type.Object(
  { spo2Percent: whole('Oxygen, %', 50, 100, 98), pulseBpm: whole('Pulse, beats a minute', 30, 250, 72) },
  closed,
);
const PRESSURES = {
  systolic: whole('Upper pressure, mmHg', 50, 280, 120),
  diastolic: whole('Lower pressure, mmHg', 25, 200, 80),
  pulse: whole('Pulse, beats a minute', 30, 220, 72),
};
const ArmInput = Type.Object(PRESSURES, closed);
const PersonInput = Type.Object({ ...PRESSURES, weightKg: whole('Weight, kg', 2, 300, 65) }, closed);
const OldInput = Type.Object({ hoursAgo: whole('How many hours ago', 1, 999, 24) }, closed);
const OffsetInput = whole('Its clock is wrong by so many seconds', -400_000_000, 400_000_000, 0);

const OximeterFaultsInput = Type.Object(
  {
    probeError: Switch('The probe is broken'),
    restless: Switch('A restless finger: values jump'),
    weak: Switch('A weak signal'),
    losesBytes: Switch('Packets lose bytes'),
    neverFinds: Switch('Never finds a pulse'),
  },
  closed,
);
const CuffFaultsInput = Type.Object(
  {
    trouble: Type.Optional(
      Type.Enum(['none', 'leak', 'loose', 'movement', 'overPressure', 'sensor', 'motor'], { title: 'What goes wrong' }),
    ),
    neverEnds: Switch('It pumps and never ends'),
    ignoresStart: Switch('The start is not obeyed'),
    wrongChecksum: Switch('Checksums are wrong'),
    staleResult: Switch('Tells the result of the person before'),
  },
  closed,
);
const MeterFaultsInput = Type.Object(
  {
    fails: Switch('It cannot measure'),
    cuffLoose: Switch('The cuff is loose'),
    irregularPulse: Switch('The pulse is irregular'),
    undated: Switch('Readings bear no date'),
    clockOffsetSeconds: OffsetInput,
    kiloPascal: Switch('Pressures in kilopascal'),
    cutPayload: Switch('Readings are cut short'),
    sendsOnlyOld: Switch('Sends only old readings'),
  },
  closed,
);
const OmronFaultsInput = Type.Object(
  {
    notReadyTimes: whole('So many questions are answered with NO', 0, 100, 0),
    wrongXor: Switch('Checksums are wrong'),
    clockOffsetSeconds: OffsetInput,
    newestFirst: Switch('The newest reading comes first'),
    switchedOff: Switch('Switched off: only OFF comes'),
  },
  closed,
);

const PERSON = { systolic: 120, diastolic: 80, pulse: 72, weightKg: 65 } as const;
const OLD_PERSON = { systolic: 155, diastolic: 99, mean: 118, pulse: 90, weightKg: 80 } as const;

type Simulator = ByteSimulator & { readonly wire: FaultyWire };
type Build = (surroundings: Surroundings) => readonly [Simulator, DeviceControls];

/** One row a model of `drivers/health/`. */
const MODELS: Readonly<Record<string, Build>> = {
  'cms50-5byte': (surroundings) => oximeter('cms50-5byte', surroundings),
  'cms50-9byte': (surroundings) => oximeter('cms50-9byte', surroundings),
  'suntech-ascii': (surroundings) => cuff('suntech-ascii', surroundings),
  maibobo: (surroundings) => cuff('maibobo', surroundings),
  'ble-bp': (surroundings) => meter('ble-bp', surroundings),
  'ble-weight': (surroundings) => meter('ble-weight', surroundings),
  'omron-hid-790it': omron,
};

export const openHealth: OpenSimulator<'health'> = async (config, surroundings) => {
  const { id, class: deviceClass, model } = config;
  const build = MODELS[model];
  if (!build) throw new Error(`no simulator of the health device ${model}`);
  const [simulator, controls] = build(surroundings);
  return { id, class: deviceClass, model, ...controls, ...(await serve(simulator, config.listen)) };
};

/** The mean as cuffs reckon it: a third of the way up. */
function withMean<Person extends { readonly systolic: number; readonly diastolic: number }>(person: Person) {
  return { ...person, mean: Math.round(person.diastolic + (person.systolic - person.diastolic) / 3) };
}

function oximeter(model: OximeterModel, surroundings: Surroundings): ReturnType<Build> {
  const clip = new OximeterSimulator({ ...surroundings, model });
  const actions: DeviceControls['actions'] = {
    'put-finger': action(FingerInput, ({ pulseBpm = 72, spo2Percent = 98 }) =>
      clip.putFinger({ pulseBpm, spo2Percent }),
    ),
    'take-finger': action(NoInput, () => clip.takeFinger()),
    faults: action(OximeterFaultsInput, (faults) => void Object.assign(clip.faults, faults)),
    ...wireActions(clip.wire),
    reset: action(NoInput, () => {
      clip.takeFinger();
      Object.assign(clip.faults, noOximeterFaults());
      healWire(clip.wire);
    }),
  };
  return [clip, { state: () => clip.state, actions }];
}

function cuff(model: CuffModel, surroundings: Surroundings): ReturnType<Build> {
  const tunnel = new CuffSimulator({ ...surroundings, model });
  const actions: DeviceControls['actions'] = {
    'put-arm': action(ArmInput, (arm) => tunnel.putArm(withMean({ ...PERSON, ...arm }))),
    'press-stop': action(NoInput, () => tunnel.pressStop()),
    faults: action(CuffFaultsInput, (faults) => void Object.assign(tunnel.faults, faults)),
    ...wireActions(tunnel.wire),
    reset: action(NoInput, () => {
      tunnel.pressStop();
      Object.assign(tunnel.faults, noMonitorFaults());
      healWire(tunnel.wire);
    }),
  };
  return [tunnel, { state: () => tunnel.state, actions }];
}

function meter(model: MeterModel, surroundings: Surroundings): ReturnType<Build> {
  const device = new MeterSimulator({ ...surroundings, model });
  const actions: DeviceControls['actions'] = {
    measure: action(PersonInput, (person) => device.measure(withMean({ ...PERSON, ...person }))),
    'keep-old': action(OldInput, ({ hoursAgo = 24 }) => device.keep(OLD_PERSON, hoursAgo)),
    faults: action(MeterFaultsInput, (faults) => void Object.assign(device.faults, faults)),
    ...wireActions(device.wire),
    reset: action(NoInput, () => {
      Object.assign(device.faults, noMeterFaults());
      healWire(device.wire);
    }),
  };
  return [device, { state: () => device.state, actions }];
}

function omron(surroundings: Surroundings): ReturnType<Build> {
  const monitor = new OmronSimulator(surroundings);
  const actions: DeviceControls['actions'] = {
    measure: action(ArmInput, (arm) => monitor.press({ ...PERSON, ...arm })),
    'keep-old': action(OldInput, ({ hoursAgo = 24 }) => monitor.keep(OLD_PERSON, hoursAgo)),
    faults: action(OmronFaultsInput, (faults) => void Object.assign(monitor.faults, faults)),
    ...wireActions(monitor.wire),
    reset: action(NoInput, () => {
      Object.assign(monitor.faults, noOmronFaults());
      healWire(monitor.wire);
    }),
  };
  return [monitor, { state: () => monitor.state, actions }];
}

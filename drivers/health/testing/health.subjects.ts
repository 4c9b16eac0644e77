/** One subject a model: what the conformance suite tries. */
import type { HealthReply } from '../../../contract/devices/health.schema.ts';
import type { Clock } from '../../../contract/clock.ts';
import type { ByteLink } from '../../link/byte-link.ts';
import type { AnyDriver } from '../../opener.ts';
import { subject, type ConformanceSubject } from '../../testing/conformance/subject.ts';
import { healthModel } from '../health-models.ts';
import { CuffSimulator, type CuffModel } from '../simulator/cuff.simulator.ts';
import { MeterSimulator } from '../simulator/meter.simulator.ts';
import { OmronSimulator } from '../simulator/omron.simulator.ts';
import { OximeterSimulator, type OximeterModel } from '../simulator/oximeter.simulator.ts';

const UTC_OFFSET_MINUTES = 480;
/** Three silent beats, each waited for. */
const FAST_NOTICE_MS = 8_000;
const SLOW_NOTICE_MS = 24_000;
const NEW = { systolic: 120, diastolic: 80, mean: 93, pulse: 72, weightKg: 65 } as const;
/** From the day before: a reply with one of these is a wrong one. */
const OLD = { systolic: 155, diastolic: 99, mean: 118, pulse: 90, weightKg: 80 } as const;

function openDriverOf(model: string): (link: ByteLink, clock: Clock) => AnyDriver {
  return (link, clock) => {
    const row = healthModel(model);
    if (!row) throw new Error(model);
    const settings = { utcOffsetMinutes: UTC_OFFSET_MINUTES, resultOffset: 7 } as const;
    return row.open({ id: 'health-1', link, clock, isChunked: false, ...settings });
  };
}

/** The values alone, without the time, which differs from run to run. */
function expectValues(reply: unknown, expected: Readonly<Record<string, number>>): void {
  const { measurements } = reply as HealthReply;
  const values = Object.fromEntries(measurements.map(({ code, value }) => [code, value]));
  if (JSON.stringify(values) !== JSON.stringify(expected))
    throw new Error(`a wrong reading: ${JSON.stringify(values)}`);
}

function oximeter(model: OximeterModel): ConformanceSubject {
  return subject<OximeterSimulator>({
    name: `health ${model}`,
    openDriver: openDriverOf(model),
    openDevice: (surroundings) =>
      new OximeterSimulator({ ...surroundings, model, packetsPerSecond: 10, searchMs: 500 }),
    tasks: [
      {
        name: 'oxygen',
        command: { kind: 'measure', quantity: 'oxygen' },
        budgetMs: 20_000,
        prepare: (device) => device.putFinger({ pulseBpm: 72, spo2Percent: 98 }),
        check: (reply) => expectValues(reply, { spo2: 98, pulse: 72 }),
      },
    ],
    noticeMs: FAST_NOTICE_MS,
  });
}

function cuff(model: CuffModel, expected: Readonly<Record<string, number>>): ConformanceSubject {
  return subject<CuffSimulator>({
    name: `health ${model}`,
    openDriver: openDriverOf(model),
    openDevice: (surroundings) => new CuffSimulator({ ...surroundings, model, stepMs: 100 }),
    tasks: [
      {
        name: 'blood pressure',
        command: { kind: 'measure', quantity: 'blood-pressure' },
        budgetMs: 30_000,
        acts: (device) => device.state.inflations,
        check: (reply) => expectValues(reply, expected),
      },
    ],
    noticeMs: SLOW_NOTICE_MS,
  });
}

function meter(
  model: 'ble-bp' | 'ble-weight',
  quantity: string,
  expected: Readonly<Record<string, number>>,
): ConformanceSubject {
  return subject<MeterSimulator>({
    name: `health ${model}`,
    openDriver: openDriverOf(model),
    openDevice: (surroundings) => new MeterSimulator({ ...surroundings, model }),
    tasks: [
      {
        name: quantity,
        command: { kind: 'measure', quantity },
        budgetMs: 20_000,
        prepare(device) {
          device.keep(OLD, 24);
          device.measure(NEW);
        },
        check: (reply) => expectValues(reply, expected),
        variable: true,
      },
    ],
    noticeMs: SLOW_NOTICE_MS,
  });
}

const omron = subject<OmronSimulator>({
  name: 'health omron-hid-790it',
  openDriver: openDriverOf('omron-hid-790it'),
  openDevice: (surroundings) => new OmronSimulator(surroundings),
  tasks: [
    {
      name: 'blood pressure',
      command: { kind: 'measure', quantity: 'blood-pressure' },
      budgetMs: 30_000,
      prepare(device) {
        device.keep(OLD, 24);
        device.press(NEW);
      },
      check: (reply) => expectValues(reply, { systolic: 120, diastolic: 80, pulse: 72 }),
      variable: true,
    },
  ],
  noticeMs: SLOW_NOTICE_MS,
});

const PRESSURES = { systolic: 120, diastolic: 80, mean: 93, pulse: 72 };

export const SUBJECTS: readonly ConformanceSubject[] = [
  oximeter('cms50-5byte'),
  oximeter('cms50-9byte'),
  omron,
  cuff('suntech-ascii', PRESSURES),
  cuff('maibobo', { systolic: 120, diastolic: 80, pulse: 72 }),
  meter('ble-bp', 'blood-pressure', PRESSURES),
  meter('ble-weight', 'weight', { weight: 65 }),
];

/** Weight Measurement, characteristic 2A9D (device-protocols 7.5). Scales with a layout of their own under 181D are not meant. */
import Type, { type Static } from 'typebox';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import { parse } from '../../contract/check.ts';
import type { Meaning } from '../wire-key.ts';
import { decodeCccd, encodeCccd } from './ble-cccd.ts';
import { defined, FieldReader, flagIf, ifThere, layoutFault, littleEndian } from './ble-fields.ts';
import { BLE_TIME_BYTES, BLE_TIME_PATTERN, writeBleTime } from './ble-time.ts';
import { byteAt } from './garbage.ts';

const closed = { additionalProperties: false } as const;
const Weight = Type.Object(
  {
    kind: Type.Literal('weight'),
    weightUnit: Type.Enum(['kg', 'lb']),
    /** Null: FFFF, the scale could not measure. */
    weight: Type.Union([Type.Number({ minimum: 0, maximum: 656 }), Type.Null()]),
    deviceTime: Type.Optional(Type.String({ pattern: BLE_TIME_PATTERN })),
    /** 255: unknown. */
    userId: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
    bmi: Type.Optional(Type.Number({ minimum: 0, maximum: 6_553.5 })),
    height: Type.Optional(Type.Number({ minimum: 0, maximum: 6_553.5 })),
    heightUnit: Type.Optional(Type.Enum(['m', 'in'])),
  },
  closed,
);
export type Weight = Static<typeof Weight>;

const FLAG = { pounds: 1, time: 2, user: 4, body: 8 } as const;
const UNSUCCESSFUL = 0xffff;
/** Value = word * numerator / denominator: exact, where 0.005 is not. */
const STEPS = {
  kg: { up: 5, down: 1_000 },
  lb: { up: 1, down: 100 },
  m: { up: 1, down: 1_000 },
  in: { up: 1, down: 10 },
  bmi: { up: 1, down: 10 },
} as const;

const LAYOUT = {
  knownFlags: 0x0f,
  fixedBytes: 3,
  optional: [
    { flag: FLAG.time, size: BLE_TIME_BYTES },
    { flag: FLAG.user, size: 1 },
    { flag: FLAG.body, size: 4 },
  ],
} as const;

export function readWeight(bytes: Uint8Array): Result<Weight> {
  const fault = layoutFault(bytes, LAYOUT);
  if (fault) return fault;
  const flags = byteAt(bytes, 0);
  const fields = new FieldReader(bytes, 1);
  const [weightUnit, heightUnit] = flags & FLAG.pounds ? (['lb', 'in'] as const) : (['kg', 'm'] as const);
  const word = fields.word();
  const time = flags & FLAG.time ? fields.time() : undefined;
  if (time && !time.ok) return time;
  const userId = flags & FLAG.user ? fields.byte() : undefined;
  const head = defined({
    kind: 'weight',
    weightUnit,
    weight: word === UNSUCCESSFUL ? null : scaled(word, STEPS[weightUnit]),
    deviceTime: time?.value,
    userId,
  }) as Weight;
  if ((flags & FLAG.body) === 0) return ok(head);
  const bmi = scaled(fields.word(), STEPS.bmi);
  return ok({ ...head, bmi, height: scaled(fields.word(), STEPS[heightUnit]), heightUnit });
}

function scaled(word: number, step: { readonly up: number; readonly down: number }): number {
  return (word * step.up) / step.down;
}

function unscaled(value: number, step: { readonly up: number; readonly down: number }): number[] {
  return littleEndian(Math.round((value * step.down) / step.up) & 0xffff);
}

export function decodeBleWeight(bytes: Uint8Array): Result<Meaning> {
  return decodeCccd(bytes) ?? (readWeight(bytes) as Result<Meaning>);
}

export function encodeBleWeight(meaning: unknown): Result<Uint8Array> {
  const cccd = encodeCccd(meaning);
  if (cccd) return ok(cccd);
  const checked = parse(Weight, meaning);
  return checked.ok ? ok(writeWeight(checked.value)) : checked;
}

function writeWeight({ weightUnit, weight, deviceTime, userId, bmi, height }: Weight): Uint8Array {
  const isPounds = weightUnit === 'lb';
  const body = bmi === undefined && height === undefined ? undefined : { bmi: bmi ?? 0, height: height ?? 0 };
  const heightStep = STEPS[isPounds ? 'in' : 'm'];
  const flags =
    flagIf(isPounds, FLAG.pounds) |
    flagIf(deviceTime !== undefined, FLAG.time) |
    flagIf(userId !== undefined, FLAG.user) |
    flagIf(body !== undefined, FLAG.body);
  return Uint8Array.of(
    flags,
    ...(weight === null ? littleEndian(UNSUCCESSFUL) : unscaled(weight, STEPS[weightUnit])),
    ...ifThere(deviceTime, writeBleTime),
    ...ifThere(userId, (id) => [id]),
    ...ifThere(body, (one) => [...unscaled(one.bmi, STEPS.bmi), ...unscaled(one.height, heightStep)]),
  );
}

/** Weight becomes "unsuccessful", body values 0, the user unknown. A payload that cannot be read is blanked whole. */
export function maskBleWeight(bytes: Uint8Array): Uint8Array {
  if (decodeCccd(bytes)) return bytes;
  const read = readWeight(bytes);
  if (!read.ok) return new Uint8Array(bytes.length);
  const one = read.value;
  return writeWeight({
    ...one,
    weight: null,
    ...(one.userId === undefined ? {} : { userId: 0xff }),
    ...(one.bmi === undefined ? {} : { bmi: 0, height: 0 }),
  });
}

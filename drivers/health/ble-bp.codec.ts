/** Blood Pressure Measurement, characteristic 2A35: the value of one indication (device-protocols 7.5). */
import Type, { type Static } from 'typebox';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { parse } from '../../contract/check.ts';
import type { Meaning } from '../wire-key.ts';
import { decodeCccd, encodeCccd } from './ble-cccd.ts';
import { defined, FieldReader, flagIf, ifThere, layoutFault, littleEndian } from './ble-fields.ts';
import { BLE_TIME_BYTES, BLE_TIME_PATTERN, writeBleTime } from './ble-time.ts';
import { byteAt, garbage } from './garbage.ts';
import { readSfloat, writeSfloat, type Sfloat } from './sfloat.ts';

const closed = { additionalProperties: false } as const;
const Reading = Type.Union([
  Type.Number(),
  Type.Enum(['notANumber', 'notAtThisResolution', 'plusInfinity', 'minusInfinity', 'reserved']),
]);
const Exponent = Type.Integer({ minimum: -8, maximum: 7 });

/** In the order of bits 0 to 5; bits 3 and 4 are one number. Status bits are recollection. */
const BloodPressure = Type.Object(
  {
    kind: Type.Literal('bloodPressure'),
    unit: Type.Enum(['mmHg', 'kPa']),
    systolic: Reading,
    diastolic: Reading,
    mean: Reading,
    deviceTime: Type.Optional(Type.String({ pattern: BLE_TIME_PATTERN })),
    pulseBpm: Type.Optional(Reading),
    /** 255: the device does not know who it was. */
    userId: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
    measurementStatus: Type.Optional(
      Type.Object(
        {
          bodyMovement: Type.Boolean(),
          cuffTooLoose: Type.Boolean(),
          irregularPulse: Type.Boolean(),
          pulseRange: Type.Enum(['within', 'above', 'below', 'reserved']),
          improperPosition: Type.Boolean(),
        },
        closed,
      ),
    ),
    /** Powers of ten of systolic, diastolic, mean and pulse; absent when all are 0. */
    exponents: Type.Optional(Type.Array(Exponent, { minItems: 3, maxItems: 4 })),
  },
  closed,
);
export type BloodPressure = Static<typeof BloodPressure>;
export type BpReading = BloodPressure['systolic'];

const FLAG = { kPa: 1, time: 2, pulse: 4, user: 8, status: 16 } as const;
const PULSE_RANGES = ['within', 'above', 'below', 'reserved'] as const;
const KNOWN_STATUS = 0x3f;

const LAYOUT = {
  knownFlags: 0x1f,
  fixedBytes: 7,
  optional: [
    { flag: FLAG.time, size: BLE_TIME_BYTES },
    { flag: FLAG.pulse, size: 2 },
    { flag: FLAG.user, size: 1 },
    { flag: FLAG.status, size: 2 },
  ],
} as const;

export function readBloodPressure(bytes: Uint8Array): Result<BloodPressure> {
  const fault = layoutFault(bytes, LAYOUT);
  if (fault) return fault;
  const flags = byteAt(bytes, 0);
  const fields = new FieldReader(bytes, 1);
  const cuff = [1, 2, 3].map(() => readSfloat(fields.word()));
  const { time, pulse, userId, status } = readOptional(flags, fields);
  if (time && !time.ok) return time;
  if ((status ?? 0) & ~KNOWN_STATUS) return garbage(fields.at - 2, 'reserved status bits are set');
  const [systolic, diastolic, mean] = cuff.map(shown);
  return ok(
    defined({
      kind: 'bloodPressure',
      unit: flags & FLAG.kPa ? 'kPa' : 'mmHg',
      systolic,
      diastolic,
      mean,
      deviceTime: time?.value,
      pulseBpm: pulse && shown(pulse),
      userId,
      measurementStatus: status === undefined ? undefined : readStatus(status),
      exponents: exponentsOf(pulse ? [...cuff, pulse] : cuff),
    }) as BloodPressure,
  );
}

/** In the order of the flag bits, which is that of the fields. */
function readOptional(flags: number, fields: FieldReader) {
  const time = flags & FLAG.time ? fields.time() : undefined;
  const pulse = flags & FLAG.pulse ? readSfloat(fields.word()) : undefined;
  const userId = flags & FLAG.user ? fields.byte() : undefined;
  const status = flags & FLAG.status ? fields.word() : undefined;
  return { time, pulse, userId, status };
}

/** Undefined when all are 0, which is what nearly every meter sends. */
function exponentsOf(floats: readonly Sfloat[]): number[] | undefined {
  const exponents = floats.map((float) => ('special' in float ? 0 : float.exponent));
  return exponents.every((exponent) => exponent === 0) ? undefined : exponents;
}

function shown(float: Sfloat): BpReading {
  return 'special' in float ? float.special : float.value;
}

function readStatus(bits: number): NonNullable<BloodPressure['measurementStatus']> {
  return {
    bodyMovement: (bits & 1) !== 0,
    cuffTooLoose: (bits & 2) !== 0,
    irregularPulse: (bits & 4) !== 0,
    pulseRange: PULSE_RANGES[(bits >> 3) & 3] ?? 'reserved',
    improperPosition: (bits & 32) !== 0,
  };
}

export function decodeBleBp(bytes: Uint8Array): Result<Meaning> {
  return decodeCccd(bytes) ?? (readBloodPressure(bytes) as Result<Meaning>);
}

export function encodeBleBp(meaning: unknown): Result<Uint8Array> {
  const cccd = encodeCccd(meaning);
  if (cccd) return ok(cccd);
  const checked = parse(BloodPressure, meaning);
  return checked.ok ? writeBloodPressure(checked.value) : checked;
}

function writeBloodPressure(one: BloodPressure): Result<Uint8Array> {
  const { systolic, diastolic, mean, pulseBpm, deviceTime, userId, measurementStatus: status } = one;
  const values = [systolic, diastolic, mean, ...(pulseBpm === undefined ? [] : [pulseBpm])];
  const words = values.map((value, index) =>
    writeSfloat(typeof value === 'number' ? { value, exponent: one.exponents?.[index] ?? 0 } : { special: value }),
  );
  const missing = words.indexOf(undefined);
  if (missing >= 0) return fail('kiosk.badMessage', `value ${missing} does not fit an SFLOAT`);
  const [pulse] = words.splice(3);
  const flags =
    flagIf(one.unit === 'kPa', FLAG.kPa) |
    flagIf(deviceTime !== undefined, FLAG.time) |
    flagIf(pulse !== undefined, FLAG.pulse) |
    flagIf(userId !== undefined, FLAG.user) |
    flagIf(status !== undefined, FLAG.status);
  return ok(
    Uint8Array.of(
      flags,
      ...words.flatMap((word) => [...ifThere(word, littleEndian)]),
      ...ifThere(deviceTime, writeBleTime),
      ...ifThere(pulse, littleEndian),
      ...ifThere(userId, (id) => [id]),
      ...ifThere(status, (said) => littleEndian(writeStatus(said))),
    ),
  );
}

function writeStatus(status: NonNullable<BloodPressure['measurementStatus']>): number {
  const { bodyMovement, cuffTooLoose, irregularPulse, pulseRange, improperPosition } = status;
  return (
    Number(bodyMovement) |
    (Number(cuffTooLoose) << 1) |
    (Number(irregularPulse) << 2) |
    (PULSE_RANGES.indexOf(pulseRange) << 3) |
    (Number(improperPosition) << 5)
  );
}

/** Values become NaN, the user unknown; flags, time and status stay. A payload that cannot be read is blanked whole. */
export function maskBleBp(bytes: Uint8Array): Uint8Array {
  if (decodeCccd(bytes)) return bytes;
  const read = readBloodPressure(bytes);
  if (!read.ok) return new Uint8Array(bytes.length);
  const { exponents: _gone, ...rest } = read.value;
  const masked = writeBloodPressure({
    ...rest,
    systolic: 'notANumber',
    diastolic: 'notANumber',
    mean: 'notANumber',
    ...(rest.pulseBpm === undefined ? {} : { pulseBpm: 'notANumber' }),
    ...(rest.userId === undefined ? {} : { userId: 0xff }),
  });
  return masked.ok ? masked.value : new Uint8Array(bytes.length);
}

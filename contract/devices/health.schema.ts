/** Commands and replies of the class `health`: values with unit and time, whatever wire they came over (IEEE 11073 words). */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const Quantity = Type.Enum(['blood-pressure', 'oxygen', 'weight']);

/** Starts the device where it can be started, waits for a stable reading until the deadline. Nothing is stored. */
export const HealthCommand = Type.Object({ kind: Type.Literal('measure'), quantity: Quantity }, closed);
export type HealthCommand = Static<typeof HealthCommand>;

export const Measurement = Type.Object(
  {
    code: Type.Enum(['systolic', 'diastolic', 'mean', 'pulse', 'spo2', 'weight', 'bmi', 'height']),
    value: Type.Number({ minimum: 0, maximum: 1_000 }),
    unit: Type.Enum(['mmHg', 'kPa', 'bpm', '%', 'kg', 'lb', 'kg/m2', 'm', 'in']),
  },
  closed,
);
export type Measurement = Static<typeof Measurement>;

/** Personal: lives only in the session. */
export const HealthReply = Type.Object(
  {
    quantity: Quantity,
    measurements: Type.Array(Measurement, { minItems: 1, maxItems: 8 }),
    /** What the device itself remarked. */
    remarks: Type.Array(Type.Enum(['movement', 'cuff-loose', 'irregular-pulse', 'bad-position', 'weak-signal']), {
      maxItems: 5,
    }),
    /** By the device's own clock, `YYYY-MM-DDTHH:MM:SS`; absent when it has none. */
    deviceTime: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' })),
  },
  closed,
);
export type HealthReply = Static<typeof HealthReply>;

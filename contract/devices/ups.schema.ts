/** Commands and replies of the class `ups` (Network UPS Tools). Battery and line are told in the status' `signals`, too. */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;

export const UpsCommand = Type.Object({ kind: Type.Literal('read') }, closed);
export type UpsCommand = Static<typeof UpsCommand>;

export const UpsReply = Type.Object(
  {
    onBattery: Type.Boolean(),
    /** The battery is nearly empty: the machine must go down now. */
    batteryLow: Type.Boolean(),
    chargePercent: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    runtimeSeconds: Type.Optional(Type.Number({ minimum: 0 })),
  },
  closed,
);
export type UpsReply = Static<typeof UpsReply>;

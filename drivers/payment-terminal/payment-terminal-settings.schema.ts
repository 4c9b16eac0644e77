import Type, { type Static } from 'typebox';

export const PaymentTerminalSettings = Type.Object(
  {
    /** The terminal's own time-out for a sale, when the site has looked it up; otherwise the model's. */
    outcomeMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 600_000 })),
  },
  { additionalProperties: false },
);
export type PaymentTerminalSettings = Static<typeof PaymentTerminalSettings>;

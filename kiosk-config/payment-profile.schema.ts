/**
 * What a provider of payments asks of whoever charges through it (money-and-sync 2.4): data, because each provider has other
 * rules and changes them. Seconds and days, as their papers say it.
 */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;

export const PaymentProfile = Type.Object(
  {
    /** When the answer to a sale is lost: the first question, the longest gap between two, and for how long in all. */
    poll: Type.Object(
      {
        everySeconds: Type.Integer({ minimum: 1, maximum: 60 }),
        slowestSeconds: Type.Integer({ minimum: 1, maximum: 300 }),
        forSeconds: Type.Integer({ minimum: 10, maximum: 600 }),
      },
      closed,
    ),
    reverse: Type.Object(
      {
        /** Not sooner after the payment than this. */
        afterSeconds: Type.Integer({ minimum: 0, maximum: 600 }),
        /** Later it is a refund, which staff start: the case is `reverse.late`. */
        withinDays: Type.Integer({ minimum: 1, maximum: 365 }),
        /** Ask what stands there before each reversal, and give back only what is there. */
        queryFirst: Type.Boolean(),
      },
      closed,
    ),
  },
  closed,
);
export type PaymentProfile = Static<typeof PaymentProfile>;

/** A bank card terminal on its own line (device-protocols 5.1): a void is of the same day's batch, and may be said again. */
export const CARD_TERMINAL_PROFILE: PaymentProfile = {
  poll: { everySeconds: 2, slowestSeconds: 16, forSeconds: 60 },
  reverse: { afterSeconds: 0, withinDays: 7, queryFirst: false },
};

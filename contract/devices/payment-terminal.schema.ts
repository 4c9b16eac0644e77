/** Commands and replies of the class `payment-terminal`. */
import Type, { type Static } from 'typebox';

/** Our number of one charge, the same in every question about it. */
const Trade = Type.String({ pattern: '^[A-Za-z0-9-]{1,32}$' });
/** The four digits of it that the MIS frame can carry and the terminal must repeat (DF04). */
const Echo = Type.String({ pattern: '^\\d{4}$' });
const AmountCents = Type.Integer({ minimum: 1, maximum: 99_999_999 });

const charge = { trade: Trade, echo: Echo, amountCents: AmountCents };

export const PaymentTerminalCommand = Type.Union([
  Type.Object({ kind: Type.Literal('sale'), ...charge }, { additionalProperties: false }),
  /** Asks what became of a sale; repeats nothing. `ageMs`: it was sent at least so long ago, by an earlier run perhaps. */
  Type.Object(
    { kind: Type.Literal('query'), ...charge, ageMs: Type.Optional(Type.Integer({ minimum: 0 })) },
    { additionalProperties: false },
  ),
  /** Gives the money of an approved sale back; safe to repeat with the same trade. */
  Type.Object(
    { kind: Type.Literal('reverse'), ...charge, voucher: Type.String({ pattern: '^\\d{6}$' }) },
    { additionalProperties: false },
  ),
]);
export type PaymentTerminalCommand = Static<typeof PaymentTerminalCommand>;

export const PaymentTerminalReply = Type.Object(
  {
    /** Of a sale or query: `approved`, `declined`, `notFound` (the terminal has never seen it). Of a reverse: `reversed`. */
    state: Type.Enum(['approved', 'declined', 'notFound', 'reversed']),
    /** Terminal's trace of the sale, six digits. */
    voucher: Type.Optional(Type.String({ pattern: '^\\d{6}$' })),
    /** Acquirer's reference, twelve digits. */
    reference: Type.Optional(Type.String({ maxLength: 20 })),
    /** Already masked by the terminal; refused when it is not. */
    cardMasked: Type.Optional(Type.String({ pattern: '^[0-9]{0,6}\\*+[0-9]{0,4}$', maxLength: 24 })),
    declineCode: Type.Optional(Type.String({ maxLength: 8 })),
  },
  { additionalProperties: false },
);
export type PaymentTerminalReply = Static<typeof PaymentTerminalReply>;

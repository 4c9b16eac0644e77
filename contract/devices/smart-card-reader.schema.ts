/** Commands and replies of the class `smart-card-reader` (PC/SC, ISO 7816-4). */
import Type, { type Static } from 'typebox';
import { CardKind } from '../card-profile.schema.ts';

/** Reads the card that lies on the reader, by the first configured profile that fits; an unknown card is named, never guessed. */
export const SmartCardCommand = Type.Object({ kind: Type.Literal('read') }, { additionalProperties: false });
export type SmartCardCommand = Static<typeof SmartCardCommand>;

/** Personal: lives only in the session. Dates are `YYYY-MM-DD`. */
export const SmartCardReply = Type.Object(
  {
    profile: Type.String({ maxLength: 40 }),
    cardKind: CardKind,
    cardNumber: Type.String({ maxLength: 40 }),
    holderName: Type.Optional(Type.String({ maxLength: 60 })),
    holderId: Type.Optional(Type.String({ maxLength: 40 })),
    endDate: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
  },
  { additionalProperties: false },
);
export type SmartCardReply = Static<typeof SmartCardReply>;

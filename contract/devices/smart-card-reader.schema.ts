/** Commands and replies of the class `smart-card-reader` (PC/SC, ISO 7816-4, PBOC e-purse). */
import Type, { type Static } from 'typebox';
import { CardKind } from '../card-profile.schema.ts';

const closed = { additionalProperties: false } as const;

/** Our number of one charge, the same in every question about it. */
const Trade = Type.String({ pattern: '^[A-Za-z0-9-]{1,32}$' });

/**
 * What it takes to settle a debit that nobody saw the end of, as one line: the `lastEvidence.value` of the outcome
 * `unknown`, handed back unread. It names the card by a digest, not by its number, so that it may be kept.
 */
export const OpenDebit = Type.String({
  pattern:
    '^card=[0-9a-f]{16} account=[12] seq=[0-9A-F]{4} before=\\d{1,10} amount=\\d{1,8} terminal=[0-9A-F]{12} terminalSeq=[0-9A-F]{8} at=\\d{14}(?: tac=[0-9A-F]{8})?$',
});
export type OpenDebit = Static<typeof OpenDebit>;

export const SmartCardCommand = Type.Union([
  /**
   * Reads the card that lies on the reader, by the first configured profile that fits; an unknown card is named, never
   * guessed. `purse`: balance and log too, of profiles that have one; nobody else needs to know them.
   */
  Type.Object({ kind: Type.Literal('read'), purse: Type.Optional(Type.Boolean()) }, closed),
  /** Takes money from the purse of the card that lies there, with the PSAM of the station. Physical: sent once, never again. */
  Type.Object(
    { kind: Type.Literal('purchase'), trade: Trade, amountCents: Type.Integer({ minimum: 1, maximum: 9_999_999 }) },
    closed,
  ),
  /** The same card is back: finds out what became of the debit. Changes nothing in the world. */
  Type.Object({ kind: Type.Literal('settle'), trade: Trade, debit: OpenDebit }, closed),
]);
export type SmartCardCommand = Static<typeof SmartCardCommand>;

const Cents = Type.Integer({ minimum: 0, maximum: 0x7fff_ffff });
const hex = (bytes: number) => Type.String({ pattern: `^[0-9A-F]{${2 * bytes}}$` });
/** Time on the card's clocks, which is China's: `YYYY-MM-DDTHH:mm:ss`, no zone. */
const LocalTime = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' });

/** One line of the purse's own log. */
export const PurseLogEntry = Type.Object(
  {
    type: Type.Enum(['load', 'purchase', 'compoundPurchase', 'other']),
    amountCents: Type.Integer({ minimum: 0, maximum: 0xffff_ffff }),
    /** Absent when the card holds no possible time. */
    at: Type.Optional(LocalTime),
    /** Number of the terminal that wrote it. */
    terminal: hex(6),
    sequence: Type.Integer({ minimum: 0, maximum: 0xffff }),
  },
  closed,
);
export type PurseLogEntry = Static<typeof PurseLogEntry>;

/** What became of a purchase. `tac` is the card's own receipt, which only its issuer can check. */
export const PursePurchase = Type.Object(
  {
    state: Type.Enum(['charged', 'notCharged']),
    amountCents: Cents,
    /** In the purse afterwards. */
    balanceCents: Cents,
    terminal: hex(6),
    terminalSequence: hex(4),
    at: LocalTime,
    tac: Type.Optional(hex(4)),
  },
  closed,
);
export type PursePurchase = Static<typeof PursePurchase>;

/** Personal: lives only in the session. Dates are `YYYY-MM-DD`. */
export const SmartCardReply = Type.Object(
  {
    profile: Type.String({ maxLength: 40 }),
    cardKind: CardKind,
    cardNumber: Type.String({ maxLength: 40 }),
    holderName: Type.Optional(Type.String({ maxLength: 60 })),
    holderId: Type.Optional(Type.String({ maxLength: 40 })),
    endDate: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
    /** In the purse before anything is done to it; of cards whose profile has a purse. */
    balanceCents: Type.Optional(Cents),
    /** Newest first. */
    log: Type.Optional(Type.Array(PurseLogEntry, { maxItems: 10 })),
    /** Of `purchase` and `settle`. */
    purchase: Type.Optional(PursePurchase),
  },
  closed,
);
export type SmartCardReply = Static<typeof SmartCardReply>;

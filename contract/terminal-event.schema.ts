/**
 * What the platform must know, each once, in order (law 4). Records never change meaning: optional fields may be added,
 * another meaning is another type. Nothing here identifies a person; plates and cards travel as salted digests.
 */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const Cents = Type.Integer({ minimum: 0, maximum: 99_999_999 });
const Id = Type.String({ minLength: 1, maxLength: 64 });
/** ISO 8601 wall time of the terminal, for people. Order is by sequence only. */
const At = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' });

export const TerminalEvent = Type.Union([
  Type.Object(
    {
      type: Type.Literal('TicketIssued'),
      at: At,
      operation: Id,
      queue: Id,
      /** `A001`; empty when the block was used up and the slip carries no number. */
      number: Type.String({ maxLength: 12 }),
      offline: Type.Boolean(),
      block: Id,
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('ChargeSettled'),
      at: At,
      operation: Id,
      trade: Id,
      service: Id,
      amountCents: Cents,
      state: Type.Enum(['paid', 'cancelled', 'reversed']),
      /** The platform's quote that was charged; opens the exit grace when paid. */
      quote: Type.Optional(Id),
      voucher: Type.Optional(Id),
      reference: Type.Optional(Id),
      cardMasked: Type.Optional(Id),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('PrintSettled'),
      at: At,
      operation: Id,
      job: Id,
      template: Id,
      state: Type.Enum(['printed', 'notPrinted']),
      evidence: Type.String({ maxLength: 200 }),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('CaseOpened'),
      at: At,
      operation: Id,
      /** What the resident was shown: eight characters. */
      code: Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$' }),
      reason: Type.String({ maxLength: 60 }),
      amountCents: Type.Optional(Cents),
      trade: Type.Optional(Id),
    },
    closed,
  ),
  Type.Object(
    { type: Type.Literal('Rated'), at: At, service: Id, stars: Type.Integer({ minimum: 1, maximum: 5 }) },
    closed,
  ),
]);
export type TerminalEvent = Static<typeof TerminalEvent>;

/** Where a record came from: the `seq` of its `incarnation` of the terminal's database. */
export const TerminalRecord = Type.Object(
  { seq: Type.Integer({ minimum: 1 }), event: TerminalEvent, hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) },
  closed,
);
export type TerminalRecord = Static<typeof TerminalRecord>;

/**
 * What the journal says and what follows from it. An intent is written before the outside act, its outcome after; the
 * state of a transaction is folded from these entries alone (`txn.fold.ts`).
 */
import Type, { type Static } from 'typebox';
import { Problem } from '../../contract/outcome.schema.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Cents = Type.Integer({ minimum: 1, maximum: 99_999_999 });
const Short = Type.String({ maxLength: 200 });
const receiptOfPayment = {
  voucher: Type.Optional(Id),
  reference: Type.Optional(Id),
  cardMasked: Type.Optional(Id),
};

export const CaseReason = Type.Enum([
  'charge.unknown',
  'print.failed',
  'print.unknown',
  'reverse.refused',
  'reverse.late',
  'reverse.impossible',
]);
export type CaseReason = Static<typeof CaseReason>;

const Ticket = {
  queue: Id,
  day: Id,
  /** Absent when the leased block was used up. */
  number: Type.Optional(Id),
  block: Type.Optional(Id),
  offline: Type.Boolean(),
};
const Job = { job: Id, template: Id, checkpoint: Short };
const Sale = {
  trade: Id,
  /** Four digits of the trade that the terminal repeats. */
  echo: Type.String({ pattern: '^\\d{4}$' }),
  amountCents: Cents,
  service: Id,
  quote: Type.Optional(Id),
};

export const JournalEntry = Type.Union([
  Type.Object({ step: Type.Literal('charge.intent'), ...Sale }, closed),
  Type.Object({ step: Type.Literal('charge.paid'), ...receiptOfPayment }, closed),
  Type.Object({ step: Type.Literal('charge.cancelled'), reason: Short }, closed),
  Type.Object({ step: Type.Literal('ticket.issued'), ...Ticket }, closed),
  Type.Object({ step: Type.Literal('deliver.intent'), ...Job }, closed),
  Type.Object({ step: Type.Literal('deliver.done'), evidence: Short }, closed),
  Type.Object(
    { step: Type.Literal('deliver.failed'), problem: Problem, effect: Type.Enum(['none', 'partial']) },
    closed,
  ),
  /** What was paid for is delivered without paper, by the resident's own choice. */
  Type.Object({ step: Type.Literal('deliver.waived'), reason: Short }, closed),
  Type.Object({ step: Type.Literal('reverse.intent'), reason: Short }, closed),
  Type.Object({ step: Type.Literal('reverse.done'), evidence: Short }, closed),
  /** Handed to staff; `code` is what the resident was shown. */
  Type.Object({ step: Type.Literal('flag'), code: Id, reason: CaseReason }, closed),
  Type.Object(
    { step: Type.Literal('flag.closed'), outcome: Type.Enum(['delivered', 'reversed', 'cancelled']), by: Id },
    closed,
  ),
]);
export type JournalEntry = Static<typeof JournalEntry>;
export type JournalStep = JournalEntry['step'];
export type EntryOf<Step extends JournalStep> = Extract<JournalEntry, { step: Step }>;

export const TxnState = Type.Enum([
  'created',
  'ticketed',
  'charging',
  'charged',
  'cancelled',
  'delivering',
  'delivered',
  'reversing',
  'reversed',
  'flagged',
]);
export type TxnState = Static<typeof TxnState>;

/** A transaction as it stands. `charge.state` `asked` and `reversing` mean: the terminal still has to say. */
export const Txn = Type.Object(
  {
    id: Id,
    state: TxnState,
    /** Journal row of its first entry; 0 before there is one. */
    since: Type.Integer({ minimum: 0 }),
    charge: Type.Optional(
      Type.Object(
        { ...Sale, ...receiptOfPayment, state: Type.Enum(['asked', 'paid', 'cancelled', 'reversing', 'reversed']) },
        closed,
      ),
    ),
    ticket: Type.Optional(Type.Object(Ticket, closed)),
    /** The latest print; `doubt`: the printer could not say. */
    delivery: Type.Optional(Type.Object({ ...Job, state: Type.Enum(['started', 'done', 'failed', 'doubt']) }, closed)),
    /** How many prints were begun; a slip after the first is marked as a copy. */
    prints: Type.Integer({ minimum: 0 }),
    /** The open or closed case; one per transaction. */
    case: Type.Optional(Type.Object({ code: Id, reason: CaseReason }, closed)),
  },
  closed,
);
export type Txn = Static<typeof Txn>;

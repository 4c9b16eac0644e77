/**
 * What the journal says and what follows from it. An intent is written before the outside act, its outcome after; the
 * state of a transaction is folded from these entries alone (`txn.fold.ts`).
 */
import Type, { type Static } from 'typebox';
import { Problem } from '../../contract/outcome.schema.ts';
import { PricesName } from '../../contract/published-content.schema.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Cents = Type.Integer({ minimum: 1, maximum: 99_999_999 });
const Short = Type.String({ maxLength: 200 });
const receiptOfPayment = {
  voucher: Type.Optional(Id),
  reference: Type.Optional(Id),
  cardMasked: Type.Optional(Id),
};

const paid = {
  /** Wall time (ms) at which the approval was written. */
  paidAtMs: Type.Optional(Type.Integer({ minimum: 0 })),
};

export const CaseReason = Type.Enum([
  'charge.unknown',
  'print.failed',
  'print.unknown',
  'act.failed',
  'act.unknown',
  'delivery.partial',
  'reverse.refused',
  'reverse.late',
  'reverse.impossible',
  'ledger.restored',
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
/** Deliverables of the same transaction that are still to come after this one. */
const more = { more: Type.Optional(Type.Integer({ minimum: 1, maximum: 8 })) };
const Print = { job: Id, template: Id, checkpoint: Short, ...more };
export const ActName = Type.Enum(['unlock', 'dispense', 'retain']);
export type ActName = Static<typeof ActName>;
/** A door that is opened, a card that is given out or kept; `target` is the door or bin. */
const Act = { job: Id, act: ActName, target: Id, checkpoint: Short, ...more };
/** Where the machine's own clock stood: kernel boot, and milliseconds since it. Cannot be set, unlike wall time. */
export const MachineTime = Type.Object({ boot: Id, upMs: Type.Integer({ minimum: 0 }) }, closed);
export type MachineTime = Static<typeof MachineTime>;
const Form = {
  service: Id,
  form: Id,
  formVersion: Id,
  /** Salted commitment to the personal part, which is kept and sent sealed. */
  personal: Type.String({ pattern: '^[0-9a-f]{64}$' }),
};
const Sale = {
  trade: Id,
  /** Four digits of the trade that the terminal repeats. */
  echo: Type.String({ pattern: '^\\d{4}$' }),
  amountCents: Cents,
  service: Id,
  quote: Type.Optional(Id),
  /** The prices the amount was made under: whatever is published later, this is what is charged and asked about. */
  prices: Type.Optional(PricesName),
  asked: Type.Optional(MachineTime),
};

export const JournalEntry = Type.Union([
  Type.Object({ step: Type.Literal('charge.intent'), ...Sale }, closed),
  Type.Object({ step: Type.Literal('charge.paid'), ...receiptOfPayment, ...paid }, closed),
  Type.Object({ step: Type.Literal('charge.cancelled'), reason: Short }, closed),
  Type.Object({ step: Type.Literal('ticket.issued'), ...Ticket }, closed),
  Type.Object({ step: Type.Literal('form.submitted'), ...Form }, closed),
  Type.Object({ step: Type.Literal('deliver.intent'), ...Print }, closed),
  Type.Object({ step: Type.Literal('deliver.intent'), ...Act }, closed),
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
  'submitted',
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

const DeliveryState = Type.Enum(['started', 'done', 'failed', 'doubt']);

/** A transaction as it stands. `charge.state` `asked` and `reversing` mean: the terminal still has to say. */
export const Txn = Type.Object(
  {
    id: Id,
    state: TxnState,
    /** Journal row of its first entry; 0 before there is one. */
    since: Type.Integer({ minimum: 0 }),
    charge: Type.Optional(
      Type.Object(
        {
          ...Sale,
          ...receiptOfPayment,
          ...paid,
          state: Type.Enum(['asked', 'paid', 'cancelled', 'reversing', 'reversed']),
        },
        closed,
      ),
    ),
    ticket: Type.Optional(Type.Object(Ticket, closed)),
    form: Type.Optional(Type.Object(Form, closed)),
    /** The latest print or act; `doubt`: the device could not say. */
    delivery: Type.Optional(
      Type.Union([
        Type.Object({ ...Print, state: DeliveryState }, closed),
        Type.Object({ ...Act, state: DeliveryState }, closed),
      ]),
    ),
    /** What surely came out, in order: `print parking-receipt`, `unlock 12`. */
    given: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 130 }), { maxItems: 9 })),
    /** How many prints were begun; a slip after the first is marked as a copy. */
    prints: Type.Integer({ minimum: 0 }),
    /** The open or closed case; one per transaction. */
    case: Type.Optional(Type.Object({ code: Id, reason: CaseReason }, closed)),
  },
  closed,
);
export type Txn = Static<typeof Txn>;

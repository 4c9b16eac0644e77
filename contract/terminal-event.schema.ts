/**
 * What the platform must know, each once, in order (law 4). Records never change meaning: optional fields may be added,
 * another meaning is another type. Nothing here identifies a person; plates and cards travel as salted digests, and what
 * is personal lies sealed beside the record, of which the event holds the commitment alone.
 */
import Type, { type Static } from 'typebox';
import { PricesName } from './published-content.schema.ts';

/** `ledger`: business and money, never dropped. `audit`: who did what, never dropped. `metrics`: a ring, lossy. */
export const Stream = Type.Enum(['ledger', 'audit', 'metrics']);
export type Stream = Static<typeof Stream>;

const closed = { additionalProperties: false } as const;
const Cents = Type.Integer({ minimum: 0, maximum: 99_999_999 });
const Id = Type.String({ minLength: 1, maxLength: 64 });
/** ISO 8601 wall time of the terminal, for people. Order is by sequence only. */
const At = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' });

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** What the terminal knew of the time when it wrote the record; order never depends on it (money-and-sync 0, 11). */
export const Stamp = Type.Object(
  {
    boot: Id,
    monoMs: Type.Integer({ minimum: 0 }),
    /** Platform wall time less the terminal's, and how wrong that may be; absent until the platform was heard. */
    offsetMs: Type.Optional(Type.Integer()),
    errorMs: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
);
export type Stamp = Static<typeof Stamp>;
/** Put on by the ledger in the commit that writes the record. */
const stamp = Type.Optional(Stamp);

export const TerminalEvent = Type.Union([
  Type.Object(
    {
      type: Type.Literal('TicketIssued'),
      at: At,
      stamp,
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
      /** Written with the intent, before the first byte goes to the payment terminal: money is in doubt from here on. */
      type: Type.Literal('ChargeAsked'),
      at: At,
      stamp,
      operation: Id,
      trade: Id,
      service: Id,
      amountCents: Cents,
      /** The prices that the amount follows from; absent where the platform's own tariff held. */
      prices: Type.Optional(PricesName),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('ChargeSettled'),
      at: At,
      stamp,
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
      stamp,
      operation: Id,
      job: Id,
      template: Id,
      state: Type.Enum(['printed', 'notPrinted']),
      /** Of a slip whose original came out before: which copy it is, from 1. Absent on the original. */
      copy: Type.Optional(Type.Integer({ minimum: 1, maximum: 99 })),
      evidence: Type.String({ maxLength: 200 }),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('CaseOpened'),
      at: At,
      stamp,
      operation: Id,
      /** What the resident was shown: eight characters. */
      code: Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$' }),
      reason: Type.String({ maxLength: 60 }),
      amountCents: Type.Optional(Cents),
      trade: Type.Optional(Id),
      /** Of several deliverables, those that came out before: `print parking-receipt`, `unlock 12`. */
      given: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 130 }), { minItems: 1, maxItems: 9 })),
    },
    closed,
  ),
  Type.Object(
    {
      /** A door that was opened or a card that was given out: an act that is neither money nor print. */
      type: Type.Literal('ActSettled'),
      at: At,
      stamp,
      operation: Id,
      job: Id,
      act: Type.Enum(['unlock', 'dispense', 'retain']),
      /** Door or bin. */
      target: Id,
      state: Type.Enum(['done', 'notDone']),
      evidence: Type.String({ maxLength: 200 }),
    },
    closed,
  ),
  Type.Object(
    {
      /** What a resident handed in. Its contents travel sealed; `personal` is the salted commitment to them. */
      type: Type.Literal('FormSubmitted'),
      at: At,
      stamp,
      operation: Id,
      service: Id,
      form: Id,
      formVersion: Id,
      personal: Hash,
      /** What goes up beside it (`attachment.ts`): the terminal's name of each, and the hash of its sealed bytes. */
      attachments: Type.Optional(
        Type.Array(Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }), sha256: Hash }, closed), {
          maxItems: 16,
        }),
      ),
    },
    closed,
  ),
  Type.Object(
    {
      /** Staff closed a case at the machine. */
      type: Type.Literal('CaseClosed'),
      at: At,
      stamp,
      operation: Id,
      code: Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$' }),
      outcome: Type.Enum(['delivered', 'reversed', 'cancelled']),
      by: Id,
    },
    closed,
  ),
  Type.Object(
    { type: Type.Literal('Rated'), at: At, stamp, service: Id, stars: Type.Integer({ minimum: 1, maximum: 5 }) },
    closed,
  ),
]);
export type TerminalEvent = Static<typeof TerminalEvent>;

/** Of the `audit` stream: who or what changed something about the machine. */
export const AuditEvent = Type.Object(
  {
    type: Type.Literal('Audit'),
    at: At,
    stamp,
    /** `engine`, or the name on a maintainer's ticket. */
    actor: Id,
    action: Type.Enum([
      'booted',
      /** Target: the version that runs, said once its health checks passed (F66). */
      'version.healthy',
      'clock.stepped',
      'clock.doubtful',
      'document.applied',
      'document.refused',
      'document.rolledBack',
      'sync.wedged',
      'chain.forked',
      'ledger.restored',
      'ledger.unsafe',
      /** The disk did not say that what was written is on it; the file was opened and checked again before it was believed. */
      'fsync.failed',
      'disk.ladder',
      'device.isolated',
      'personal.erased',
      'courier.exported',
      'courier.confirmed',
      'operation.done',
      'maintenance.action',
    ]),
    target: Type.Optional(Id),
    /** For maintainers; nothing personal. */
    detail: Type.Optional(Type.String({ maxLength: 200 })),
  },
  closed,
);
export type AuditEvent = Static<typeof AuditEvent>;

/** Of the `metrics` stream: may be lost. */
export const MetricEvent = Type.Object(
  { type: Type.Literal('Metric'), at: At, stamp, name: Id, value: Type.Number(), label: Type.Optional(Id) },
  closed,
);
export type MetricEvent = Static<typeof MetricEvent>;

export const StreamEvent = Type.Union([TerminalEvent, AuditEvent, MetricEvent]);
export type StreamEvent = Static<typeof StreamEvent>;

/** Where a record came from: the `seq` of its stream in its `incarnation` of the terminal's database. */
const recordOf = <Event extends Type.TSchema>(event: Event) =>
  Type.Object(
    {
      seq: Type.Integer({ minimum: 1 }),
      event,
      hash: Hash,
      /** The personal part, sealed to the platform's key: base64. Not in the chain, so that it can be erased. */
      sealed: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 65_536 })),
    },
    closed,
  );
export const TerminalRecord = recordOf(TerminalEvent);
export type TerminalRecord = Static<typeof TerminalRecord>;
/** A record of any stream. */
export const StreamRecord = recordOf(StreamEvent);
export type StreamRecord = Static<typeof StreamRecord>;

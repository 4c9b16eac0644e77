/**
 * The central platform's API as the terminal sees it (HTTP, JSON). Every request is signed by the terminal
 * (`http-signature.ts`). Bodies are parsed with these schemas on both sides.
 */
import Type, { type Static } from 'typebox';
import { FACE_PICTURE_LIMIT } from './intent.schema.ts';
import { Operation, TerminalReport } from './operation.schema.ts';
import { Stamp, StreamRecord } from './terminal-event.schema.ts';
import { Finger } from './check.schema.ts';
import { PricesName } from './published-content.schema.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Cents = Type.Integer({ minimum: 0, maximum: 99_999_999 });
const Base64 = (maxLength: number) => Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', minLength: 4, maxLength });

export const Head = Type.Object({ seq: Type.Integer({ minimum: 0 }), hash: Hash }, closed);
export type Head = Static<typeof Head>;

/** One batch, whichever way it travels. */
export const MOST_RECORDS_A_BATCH = 500;

/**
 * POST /v1/terminals/{terminal}/streams/{stream}/batches. The hash of a record is over the previous hash and its event.
 * 200: stored up to `head`. 409 `gap` or `fork`: nothing stored. 401 `clock.skewed`, 403 `terminal.suspended`,
 * 413 `tooLarge`, 422 `batch.broken`, 429 and 503 with Retry-After.
 */
export const BatchRequest = Type.Object(
  {
    incarnation: Id,
    /** The database this one continues: named once in each first batch, so that a restored disk is no second history. */
    predecessor: Type.Optional(Type.Object({ incarnation: Id, head: Head }, closed)),
    /** Hash of the record before the first one; 64 zeros at the beginning. */
    prevHash: Hash,
    records: Type.Array(StreamRecord, { minItems: 1, maxItems: MOST_RECORDS_A_BATCH }),
    /** The terminal's clock when it sent this, for the platform's estimate of it. */
    clock: Type.Optional(Type.Object({ ...Stamp.properties, wallMs: Type.Integer() }, closed)),
  },
  closed,
);
export type BatchRequest = Static<typeof BatchRequest>;
/** 200, and also the body of 409 (`gap`, `fork`): where the platform stands. */
export const BatchReply = Type.Object(
  {
    head: Head,
    parked: Type.Array(Type.Object({ seq: Type.Integer(), reason: Type.String({ maxLength: 200 }) }, closed)),
    /** Platform wall time, ms. */
    nowMs: Type.Optional(Type.Integer()),
    /**
     * The platform's Ed25519 signature (base64) over `checkpoint|terminal|incarnation|stream|seq|hash|atMs` of `head`: neither
     * side can rewrite the past alone.
     */
    checkpoint: Type.Optional(Type.Object({ keyId: Id, atMs: Type.Integer(), signature: Base64(128) }, closed)),
    /** Pace while a backlog drains. */
    next: Type.Optional(
      Type.Object(
        {
          afterMs: Type.Integer({ minimum: 0 }),
          maxRecords: Type.Integer({ minimum: 1, maximum: MOST_RECORDS_A_BATCH }),
        },
        closed,
      ),
    ),
    /** Why it was refused; only with 409. */
    refused: Type.Optional(Type.Enum(['gap', 'fork'])),
  },
  closed,
);
export type BatchReply = Static<typeof BatchReply>;

/** POST /v1/terminals/{terminal}/heartbeat: the terminal lives, says how it is, and learns what is new. */
export const HeartbeatRequest = Type.Object({ report: Type.Optional(TerminalReport) }, closed);
export type HeartbeatRequest = Static<typeof HeartbeatRequest>;
export const HeartbeatReply = Type.Object(
  {
    /** Platform wall time, ms. */
    nowMs: Type.Integer(),
    queues: Type.Array(
      Type.Object(
        { queue: Id, ahead: Type.Integer({ minimum: 0 }), opensAt: Type.Optional(Type.String({ maxLength: 40 })) },
        closed,
      ),
      { maxItems: 40 },
    ),
    /** What staff ask of this terminal and it has not answered yet, oldest first. */
    operations: Type.Optional(Type.Array(Operation, { maxItems: 8 })),
    /** Another one than the terminal knows: its documents are to be looked at (`document.schema.ts`). */
    manifestVersion: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  closed,
);
export type HeartbeatReply = Static<typeof HeartbeatReply>;

/** POST /v1/terminals/{terminal}/ticket-blocks: leases numbers `first..last` of a queue to this terminal alone. */
export const TicketBlockRequest = Type.Object(
  { queue: Id, size: Type.Integer({ minimum: 1, maximum: 200 }), idempotencyKey: Id },
  closed,
);
export type TicketBlockRequest = Static<typeof TicketBlockRequest>;
export const TicketBlock = Type.Object(
  {
    block: Id,
    queue: Id,
    /** Letter before the number on the slip. */
    prefix: Type.String({ pattern: '^[A-Z]$' }),
    first: Type.Integer({ minimum: 1, maximum: 9999 }),
    last: Type.Integer({ minimum: 1, maximum: 9999 }),
    /** Local calendar day the numbers are for, `YYYY-MM-DD`. */
    day: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  },
  closed,
);
export type TicketBlock = Static<typeof TicketBlock>;

/** POST /v1/terminals/{terminal}/parking/quotes. `cardDigest` proves a livelihood card was read; without it full price. */
export const ParkingQuoteRequest = Type.Object(
  {
    plate: Type.String({ pattern: '^[\\u4e00-\\u9fff][A-Z][A-Z0-9\\u4e00-\\u9fff]{5,6}$' }),
    cardDigest: Type.Optional(Hash),
    /** The prices this terminal has; without them the platform's own tariff holds. */
    prices: Type.Optional(PricesName),
  },
  closed,
);
export type ParkingQuoteRequest = Static<typeof ParkingQuoteRequest>;
export const ParkingQuote = Type.Union([
  Type.Object(
    {
      state: Type.Literal('due'),
      quote: Id,
      /** Name of the car park in the three languages. */
      place: Type.Object({ 'zh-Hans': Id, 'zh-Hant': Id, en: Id }, closed),
      parkedMinutes: Type.Integer({ minimum: 0 }),
      fullCents: Cents,
      discountCents: Cents,
      dueCents: Cents,
      /** Why this price: `livelihoodCard` = what the prices take off for it; `noCard` = full price because no card was shown. */
      why: Type.Enum(['livelihoodCard', 'noCard']),
      graceMinutes: Type.Integer({ minimum: 0 }),
      /** Those that were asked for: every amount here follows from them. */
      prices: Type.Optional(PricesName),
    },
    closed,
  ),
  Type.Object({ state: Type.Literal('alreadyPaid'), paidAt: Type.String({ pattern: '^\\d{2}:\\d{2}$' }) }, closed),
  Type.Object({ state: Type.Literal('notFound') }, closed),
]);
export type ParkingQuote = Static<typeof ParkingQuote>;

/**
 * POST /v1/terminals/{terminal}/identity/...: is this the card's owner? `subject` is SHA-256 (hex) of
 * `identity:<card kind>:<card number>`; neither number nor name travels. `session` is one resident's stay at the machine.
 */
const Subject = { subject: Hash, session: Type.String({ pattern: '^[0-9a-f]{24}$' }) };

/** POST identity/finger-offers: which fingers can be compared. No template yet: the resident has not been asked. */
export const FingerOfferRequest = Type.Object(Subject, closed);
export type FingerOfferRequest = Static<typeof FingerOfferRequest>;
export const FingerOffer = Type.Union([
  Type.Object({ state: Type.Literal('open'), fingers: Type.Array(Finger, { minItems: 1, maxItems: 10 }) }, closed),
  /** `locked`: three sessions in 24 h did not match. `used`: this session's attempt is spent. */
  Type.Object({ state: Type.Enum(['locked', 'none', 'used']) }, closed),
]);
export type FingerOffer = Static<typeof FingerOffer>;

/** POST identity/finger-templates: opens the session's one attempt and hands out the module's own templates. */
export const FingerTemplates = Type.Object(
  {
    templates: Type.Array(Type.Object({ finger: Finger, template: Base64(2_048) }, closed), {
      minItems: 1,
      maxItems: 10,
    }),
  },
  closed,
);
export type FingerTemplates = Static<typeof FingerTemplates>;

/** POST identity/finger-ends: the first word for a session stands. `notCompared` is not counted. */
export const FingerEndRequest = Type.Object(
  { ...Subject, end: Type.Enum(['match', 'noMatch', 'notCompared']) },
  closed,
);
export type FingerEndRequest = Static<typeof FingerEndRequest>;
export const FingerEndReply = Type.Object({ counted: Type.Boolean() }, closed);
export type FingerEndReply = Static<typeof FingerEndReply>;

/**
 * POST identity/face-checks. `picture`: a JPEG cropped to the face, compared and dropped. `judged`: the signed model on the
 * terminal has compared. `notLive`: the gates of the camera page were not passed.
 */
export const FaceCheckRequest = Type.Object(
  {
    ...Subject,
    look: Type.Union([
      Type.Object({ seen: Type.Literal('face'), picture: Base64(FACE_PICTURE_LIMIT) }, closed),
      Type.Object({ seen: Type.Literal('judged'), verdict: Type.Enum(['match', 'noMatch', 'notLive']) }, closed),
      Type.Object({ seen: Type.Literal('notLive') }, closed),
    ]),
  },
  closed,
);
export type FaceCheckRequest = Static<typeof FaceCheckRequest>;
/** `again`: not live, another try is allowed. `paused`: three times not live; closed for ten minutes, the owner is told. */
export const FaceCheckReply = Type.Object(
  { verdict: Type.Enum(['match', 'noMatch', 'again', 'paused', 'notOffered']) },
  closed,
);
export type FaceCheckReply = Static<typeof FaceCheckReply>;

/** POST identity/face-references: what the signed model compares with; made by the same model, opaque to both sides. */
export const FaceReferenceRequest = Type.Object({ ...Subject, model: Id }, closed);
export type FaceReferenceRequest = Static<typeof FaceReferenceRequest>;
export const FaceReference = Type.Union([
  Type.Object({ state: Type.Literal('open'), reference: Base64(65_536) }, closed),
  Type.Object({ state: Type.Enum(['paused', 'none']) }, closed),
]);
export type FaceReference = Static<typeof FaceReference>;

/** POST identity/code-checks: the code that the owner was sent, typed at the machine with the owner's card read. */
export const CodeCheckRequest = Type.Object({ ...Subject, code: Type.String({ pattern: '^\\d{6}$' }) }, closed);
export type CodeCheckRequest = Static<typeof CodeCheckRequest>;
export const CodeCheckReply = Type.Object({ verdict: Type.Enum(['match', 'noMatch', 'paused']) }, closed);
export type CodeCheckReply = Static<typeof CodeCheckReply>;

/** Error body of every 4xx and 5xx answer. */
export const PlatformError = Type.Object(
  {
    code: Type.String({ maxLength: 60 }),
    message: Type.String({ maxLength: 400 }),
    /** Platform wall time, ms; with `clock.skewed`, so that the terminal can sign anew, and with `terminal.suspended`. */
    nowMs: Type.Optional(Type.Integer()),
    /** With the same two: proves that the platform says so to this very request (`refusalText` of http-signature.ts). */
    proof: Type.Optional(Base64(44)),
  },
  closed,
);
export type PlatformError = Static<typeof PlatformError>;

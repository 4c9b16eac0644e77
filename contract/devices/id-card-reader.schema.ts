/** Commands and replies of the class `id-card-reader` (SAM_V; GA 450 family). */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;

export const IdCardCommand = Type.Union([
  /**
   * Waits for a card until the deadline and reads it. `media` of the status is `entering` while the card must stay, and
   * `latched` when it must be lifted and laid down again. Changes nothing in the world.
   */
  Type.Object(
    {
      kind: Type.Literal('read'),
      /** Ask for the two GA 1012 templates too; a card without them is read all the same. */
      fingerprints: Type.Boolean(),
      /** Ask for the newest appended address too. */
      appendedAddress: Type.Boolean(),
    },
    closed,
  ),
  /** The identity of the security module, for the audit trail; no card needed. */
  Type.Object({ kind: Type.Literal('sam-id') }, closed),
]);
export type IdCardCommand = Static<typeof IdCardCommand>;

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const Text = (maxLength: number) => Type.String({ maxLength });
const Bytes = (maxBytes: number) =>
  Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$', maxLength: Math.ceil(maxBytes / 3) * 4 });

/** Personal: lives only in the session. Texts are as on the card, its padding dropped, nothing normalised. */
export const IdDocument = Type.Object(
  {
    /** Which of the four text layouts: citizen, J, I (2017), Y (2023). */
    layout: Type.Enum(['citizen', 'residence-permit', 'foreigner-2017', 'foreigner-2023']),
    name: Text(60),
    /** Name in Latin letters, of the foreigner layouts. */
    latinName: Type.Optional(Text(120)),
    sex: Type.Enum(['male', 'female', 'unknown', 'unspecified']),
    /** GB/T 3304 code, two digits, of citizens. */
    nationCode: Type.Optional(Text(2)),
    /** Three letters or digits, of foreigners. */
    nationality: Type.Optional(Text(3)),
    birthDate: Day,
    address: Type.Optional(Text(70)),
    number: Text(18),
    issuer: Type.Optional(Text(30)),
    validFrom: Day,
    /** Absent: valid without end (长期). */
    validTo: Type.Optional(Day),
    /** Number of the travel permit, of residence permits. */
    travelPermit: Type.Optional(Text(9)),
    /** How often the permit was issued. */
    issueCount: Type.Optional(Type.Integer({ minimum: 0, maximum: 99 })),
  },
  closed,
);
export type IdDocument = Static<typeof IdDocument>;

export const FingerTemplate = Type.Object(
  {
    finger: Type.Enum([
      'right-thumb',
      'right-index',
      'right-middle',
      'right-ring',
      'right-little',
      'left-thumb',
      'left-index',
      'left-middle',
      'left-ring',
      'left-little',
      'right-unknown',
      'left-unknown',
      'other',
    ]),
    /** 1 to 100; absent when the card does not say. */
    quality: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    /** GA 1012, 512 bytes, opaque: only the certified matcher reads it. Base64. */
    template: Bytes(512),
  },
  closed,
);
export type FingerTemplate = Static<typeof FingerTemplate>;

export const IdCardReply = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('read'),
      document: IdDocument,
      /** WLT, 1024 bytes, opaque without the licensed decoder. Base64. */
      photo: Bytes(1024),
      fingerprints: Type.Array(FingerTemplate, { maxItems: 2 }),
      appendedAddress: Type.Optional(Text(35)),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('sam-id'), samId: Text(40) }, closed),
]);
export type IdCardReply = Static<typeof IdCardReply>;

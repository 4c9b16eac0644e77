/**
 * What a kind of card looks like, as data (`kiosk-config/card-profiles/`): which application to select, which files and
 * records to read, where the fields stand. A new card is a new file, not a release. (ISO 7816-4; device-protocols 2.2-2.4)
 */
import Type, { type Static } from 'typebox';

const hex = (maxBytes: number) => Type.String({ pattern: `^(?:[0-9A-F]{2}){1,${maxBytes}}$` });

/** How the bytes of a field become text; every decoder drops the padding its encoding uses (00, FF, F nibble, space). */
export const FieldEncoding = Type.Enum(['ascii', 'gbk', 'bcd', 'hex']);
export type FieldEncoding = Static<typeof FieldEncoding>;

/** What a field means to the kiosk. `holderName` and `holderId` are personal and leave the driver only in its reply. */
export const CardFieldName = Type.Enum([
  'cardNumber',
  'holderName',
  /** What does not fit into the name; it goes behind it, byte by byte. */
  'holderNameExtension',
  'holderId',
  'issuer',
  'version',
  'startDate',
  'endDate',
]);
export type CardFieldName = Static<typeof CardFieldName>;

export const CardRead = Type.Union([
  /** READ BINARY by short file identifier; fields are cut at offset and length (bytes). */
  Type.Object(
    {
      kind: Type.Literal('binary'),
      sfi: Type.Integer({ minimum: 1, maximum: 30 }),
      lengthBytes: Type.Integer({ minimum: 1, maximum: 256 }),
      /** Several city cards give these bytes in the SELECT answer already (6F, A5, 9F0C): looked at first. */
      fromSelect: Type.Optional(Type.Boolean()),
      fields: Type.Array(
        Type.Object(
          {
            name: CardFieldName,
            offset: Type.Integer({ minimum: 0, maximum: 255 }),
            lengthBytes: Type.Integer({ minimum: 1, maximum: 256 }),
            encoding: FieldEncoding,
          },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 16 },
      ),
    },
    { additionalProperties: false },
  ),
  /** READ RECORD by number inside an SFI; the answer is tag(1) length(1) value, and the returned tag is what counts. */
  Type.Object(
    {
      kind: Type.Literal('record'),
      sfi: Type.Integer({ minimum: 1, maximum: 30 }),
      record: Type.Integer({ minimum: 1, maximum: 254 }),
      lengthBytes: Type.Integer({ minimum: 1, maximum: 255 }),
      field: CardFieldName,
      encoding: FieldEncoding,
    },
    { additionalProperties: false },
  ),
  /** SELECT an elementary file, then READ RECORD by identifier (tag in P1, P2 = 00). */
  Type.Object(
    {
      kind: Type.Literal('identifier'),
      file: hex(2),
      identifier: Type.Integer({ minimum: 1, maximum: 254 }),
      lengthBytes: Type.Integer({ minimum: 1, maximum: 255 }),
      field: CardFieldName,
      encoding: FieldEncoding,
    },
    { additionalProperties: false },
  ),
]);
export type CardRead = Static<typeof CardRead>;

export const CardKind = Type.Enum(['livelihood-card', 'social-security-card', 'city-card']);
export type CardKind = Static<typeof CardKind>;

/** The PIN that guards the holder's data in a region (VERIFY, 2.2). Three wrong ones block the card. */
const CardPin = Type.Object(
  {
    value: hex(8),
    /** Key reference, P2. */
    reference: Type.Integer({ minimum: 0, maximum: 255 }),
    /** A card that does not tell how many tries are left: `refuse` (the default) leaves its data unread, `verify` tries once. */
    whenTriesUnknown: Type.Optional(Type.Enum(['refuse', 'verify'])),
  },
  { additionalProperties: false },
);
export type CardPin = Static<typeof CardPin>;

/** A PBOC e-purse on the card (2.4, 2.5). */
const CardPurse = Type.Object(
  {
    /** Application or directory of the purse, selected before it is asked; absent: the one the card was read from. */
    select: Type.Optional(hex(16)),
    /** P2 of the purse commands: 1 deposit, 2 purse. */
    account: Type.Union([Type.Literal(1), Type.Literal(2)]),
    /** The cyclic log, newest first; absent: it is not read. */
    log: Type.Optional(
      Type.Object({ sfi: Type.Integer({ minimum: 1, maximum: 30 }) }, { additionalProperties: false }),
    ),
    /** Kiosks may take money from it, under this key of the card. */
    purchase: Type.Optional(
      Type.Object({ keyIndex: Type.Integer({ minimum: 0, maximum: 255 }) }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
);
export type CardPurse = Static<typeof CardPurse>;

export const CardProfile = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
    kind: CardKind,
    /** Where the layout was learned from, and how sure it is. */
    source: Type.String({ minLength: 1, maxLength: 300 }),
    /** SELECTs (application names or AIDs), tried in order until one answers 9000; 6A82 means the next one. */
    select: Type.Array(hex(16), { minItems: 1, maxItems: 6 }),
    reads: Type.Array(CardRead, { minItems: 1, maxItems: 16 }),
    /** Fields without which the card is not accepted. */
    required: Type.Array(CardFieldName, { minItems: 1, maxItems: 8 }),
    pin: Type.Optional(CardPin),
    purse: Type.Optional(CardPurse),
  },
  { additionalProperties: false },
);
export type CardProfile = Static<typeof CardProfile>;

/** What stands in documents that residents see the effect of (`document.schema.ts`): prices, and what the office announces. */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' });
const Name = Type.String({ minLength: 1, maxLength: 64 });
/** One calm line: a Chinese sign is about as wide as two letters. */
const Line = Type.String({ minLength: 1, maxLength: 40 });
const EnglishLine = Type.String({ minLength: 1, maxLength: 80 });

export const ParkingTariff = Type.Object(
  {
    places: Type.Array(
      Type.Object(
        {
          id: Id,
          name: Type.Object({ 'zh-Hans': Name, 'zh-Hant': Name, en: Name }, closed),
          centsPerStartedHour: Type.Integer({ minimum: 1, maximum: 10_000 }),
          livelihoodDiscountPercent: Type.Integer({ minimum: 0, maximum: 100 }),
          graceMinutes: Type.Integer({ minimum: 1, maximum: 120 }),
        },
        closed,
      ),
      { minItems: 1, maxItems: 200 },
    ),
  },
  closed,
);
export type ParkingTariff = Static<typeof ParkingTariff>;

/** Of the channel `prices`: what the platform prices by for a terminal that names this version. */
export const PricesDocument = Type.Object({ parking: ParkingTariff }, closed);
export type PricesDocument = Static<typeof PricesDocument>;

/** Which prices an amount was made under: the document's version, and the SHA-256 of its text, hex. */
export const PricesName = Type.Object(
  { version: Type.Integer({ minimum: 1 }), sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) },
  closed,
);
export type PricesName = Static<typeof PricesName>;

/** `2026-02-16T18:00:00+08:00`. */
const Moment = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:Z|[+-]\\d{2}:\\d{2})$' });

/** Of the channel `announce`: the first that holds now is shown, so the most important one stands first. */
export const AnnounceDocument = Type.Object(
  {
    announcements: Type.Array(
      Type.Object(
        {
          from: Moment,
          /** From then on it is not shown any more. */
          until: Moment,
          words: Type.Object({ 'zh-Hans': Line, 'zh-Hant': Line, en: EnglishLine }, closed),
        },
        closed,
      ),
      { maxItems: 20 },
    ),
  },
  closed,
);
export type AnnounceDocument = Static<typeof AnnounceDocument>;

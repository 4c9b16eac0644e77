/** The whole of what a touch can say. Each names the page it was made on; one for a page that is gone changes nothing. */
import Type, { type Static } from 'typebox';

const page = Type.Integer({ minimum: 1 });
const closed = { additionalProperties: false } as const;
/** Characters of base64. With the words around it, it fits into one message of the browser host (64 KiB). */
export const FACE_PICTURE_LIMIT = 60_000;

export const Intent = Type.Union([
  /** R0: a touch anywhere. */
  Type.Object({ kind: Type.Literal('start'), page }, closed),
  /** A choice, a tile, a face, a `change`, a language on R0. */
  Type.Object({ kind: Type.Literal('choose'), page, option: Type.String({ maxLength: 40 }) }, closed),
  /** What was typed on a pad. */
  Type.Object({ kind: Type.Literal('enter'), page, value: Type.String({ maxLength: 32 }) }, closed),
  /** Action row: left, right. `next` is also yes, skip and the goodbye key; `back` is also no. */
  Type.Object({ kind: Type.Literal('back'), page }, closed),
  Type.Object({ kind: Type.Literal('next'), page }, closed),
  Type.Object({ kind: Type.Literal('retry'), page }, closed),
  /**
   * The camera page's one answer. `picture` is base64: a JPEG cropped to the oval (`remote`), or 96 x 96 grey bytes
   * (`on-device`). It comes from the page, so it proves no more than a page can: the platform or the model decides.
   */
  Type.Object(
    {
      kind: Type.Literal('face'),
      page,
      result: Type.Union([
        Type.Object(
          {
            seen: Type.Literal('face'),
            picture: Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', minLength: 4, maxLength: FACE_PICTURE_LIMIT }),
          },
          closed,
        ),
        /** `notLive`: the gates were not passed in time. `noCamera`: none, unplugged, or not allowed. */
        Type.Object({ seen: Type.Enum(['notLive', 'noCamera']) }, closed),
      ]),
    },
    closed,
  ),
  /** X1: I am still here. */
  Type.Object({ kind: Type.Literal('stay'), page }, closed),
  /** The help bar. `language` opens the question; the other settings turn over. */
  Type.Object(
    { kind: Type.Literal('set'), page, setting: Type.Enum(['size', 'contrast', 'reach', 'language']) },
    closed,
  ),
  Type.Object({ kind: Type.Literal('help'), page }, closed),
  Type.Object({ kind: Type.Literal('end'), page }, closed),
]);
export type Intent = Static<typeof Intent>;

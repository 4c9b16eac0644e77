/** The whole of what a touch can say. Each names the page it was made on; one for a page that is gone changes nothing. */
import Type, { type Static } from 'typebox';

const page = Type.Integer({ minimum: 1 });
const closed = { additionalProperties: false } as const;

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

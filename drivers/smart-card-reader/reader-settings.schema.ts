/** What a site sets for a card reader: where its purchase module (PSAM) is. Without one nothing can be bought. */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;

/** Of the PSAM itself (device-protocols 2.6): the directory of the purse on it, and the area diversifier where it wants one. */
const module = {
  directory: Type.Optional(Type.String({ pattern: '^[0-9A-F]{4}$' })),
  area: Type.Optional(Type.String({ pattern: '^[0-9A-F]{16}$' })),
};

export const ReaderSettings = Type.Object(
  {
    psam: Type.Optional(
      Type.Union([
        /** A second PC/SC reader, or the second slot of the same one: beginning of its name. */
        Type.Object({ reader: Type.String({ minLength: 1, maxLength: 128 }), ...module }, closed),
        /** A virtual PSAM that connects to this port; with a `vpcd` link only. */
        Type.Object({ port: Type.Integer({ minimum: 1, maximum: 65_535 }), ...module }, closed),
      ]),
    ),
  },
  closed,
);
export type ReaderSettings = Static<typeof ReaderSettings>;

export const DEFAULT_PSAM_DIRECTORY = 'DF01';

/** A slip as data: lines whose texts are catalogue keys or plain values with {{placeholders}}. */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const Key = Type.String({ pattern: '^[a-zA-Z0-9.-]{1,80}$' });
/** Line is left out when the named value is missing. */
const when = { when: Type.Optional(Type.String({ pattern: '^[a-zA-Z]{1,30}$' })) };

const TemplateLine = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('text'),
      key: Key,
      align: Type.Optional(Type.Enum(['left', 'centre', 'right'])),
      scale: Type.Optional(Type.Enum([1, 2, 3])),
      bold: Type.Optional(Type.Boolean()),
      ...when,
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('pair'),
      label: Key,
      value: Type.String({ pattern: '^[a-zA-Z]{1,30}$' }),
      bold: Type.Optional(Type.Boolean()),
      ...when,
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('rule'), ...when }, closed),
  Type.Object({ kind: Type.Literal('space'), lines: Type.Integer({ minimum: 1, maximum: 8 }), ...when }, closed),
  Type.Object({ kind: Type.Literal('qr'), value: Type.String({ pattern: '^[a-zA-Z]{1,30}$' }), ...when }, closed),
  Type.Object({ kind: Type.Literal('barcode'), value: Type.String({ pattern: '^[a-zA-Z]{1,30}$' }), ...when }, closed),
]);

export const ReceiptTemplate = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
    lines: Type.Array(TemplateLine, { minItems: 1, maxItems: 60 }),
  },
  closed,
);
export type ReceiptTemplate = Static<typeof ReceiptTemplate>;

/** Printed for every payment that is in doubt; loaded whenever a service is paid for. */
export const CLAIM_TEMPLATE = 'claim-slip';

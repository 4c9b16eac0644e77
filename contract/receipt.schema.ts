/** A slip of paper as meaning; the printer's driver turns it into its model's bytes, the screen into a preview. */
import Type, { type Static } from 'typebox';

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

export const ReceiptLine = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('text'),
      text: text(96),
      align: Type.Optional(Type.Enum(['left', 'centre', 'right'])),
      /** 1 = normal, 2 = double width and height, 3 = triple where the model can, else double. */
      scale: Type.Optional(Type.Enum([1, 2, 3])),
      bold: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
  /** Label at the left edge, value ending at the right edge; wraps below when both do not fit. */
  Type.Object(
    { kind: Type.Literal('pair'), label: text(48), value: text(96), bold: Type.Optional(Type.Boolean()) },
    { additionalProperties: false },
  ),
  Type.Object({ kind: Type.Literal('rule') }, { additionalProperties: false }),
  Type.Object(
    { kind: Type.Literal('space'), lines: Type.Integer({ minimum: 1, maximum: 8 }) },
    { additionalProperties: false },
  ),
  Type.Object({ kind: Type.Literal('qr'), data: text(512) }, { additionalProperties: false }),
  /** CODE128, printable ASCII. */
  Type.Object(
    { kind: Type.Literal('barcode'), data: Type.String({ pattern: '^[ -~]{1,40}$' }) },
    { additionalProperties: false },
  ),
]);
export type ReceiptLine = Static<typeof ReceiptLine>;

export const Receipt = Type.Object(
  { lines: Type.Array(ReceiptLine, { minItems: 1, maxItems: 120 }) },
  { additionalProperties: false },
);
export type Receipt = Static<typeof Receipt>;

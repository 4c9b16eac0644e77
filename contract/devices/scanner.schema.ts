/** Commands and replies of the class `scanner` (USB HID-POS, usage page 8C, or a serial port). */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;

/** Waits for one code until the deadline; what was scanned before is not its business and is dropped. */
export const ScannerCommand = Type.Object({ kind: Type.Literal('scan') }, closed);
export type ScannerCommand = Static<typeof ScannerCommand>;

/** Untrusted: whoever holds a code up wrote it. Nothing may act on it before its token was checked. */
export const ScannerReply = Type.Object(
  {
    /** The bytes as they came, at most 512, base64. */
    data: Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$', maxLength: 684 }),
    /** AIM identifier without the bracket, e.g. `C0`, `Q1`; absent when the scanner does not send it. */
    symbology: Type.Optional(Type.String({ pattern: '^[A-Za-z][0-9A-Za-z]$' })),
  },
  closed,
);
export type ScannerReply = Static<typeof ScannerReply>;

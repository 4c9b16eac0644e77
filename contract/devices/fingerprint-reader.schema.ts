/** Commands and replies of the class `fingerprint-reader` (ZFM-20 / R30x modules). */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
/** Feature file of the module's own kind, 256 to 1536 bytes, base64. Never the GA 1012 template of an ID card. */
export const ModuleTemplate = Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$', minLength: 4, maxLength: 2048 });

export const FingerprintCommand = Type.Union([
  /** Waits for a finger until the deadline and says how good its print is; keeps it in the module until `wipe`. */
  Type.Object({ kind: Type.Literal('capture') }, closed),
  /** Waits for a finger and compares it with `template`, 1:1. The module's buffers are wiped before the reply. */
  Type.Object({ kind: Type.Literal('verify'), template: ModuleTemplate }, closed),
  /** Two captures of one finger, with a lift between them, made into a template. */
  Type.Object({ kind: Type.Literal('enrol') }, closed),
  /** Waits until no finger lies on the sensor. */
  Type.Object({ kind: Type.Literal('await-lift') }, closed),
  /** Overwrites what the module's buffers hold of the last person. */
  Type.Object({ kind: Type.Literal('wipe') }, closed),
]);
export type FingerprintCommand = Static<typeof FingerprintCommand>;

/** What a person can do about a bad print. `dry`: breathe on it; `wet`: wipe it; `press`: lay it flat; `hold`: keep still. */
export const FingerAdvice = Type.Enum(['dry', 'wet', 'press', 'hold']);
export type FingerAdvice = Static<typeof FingerAdvice>;

/** Carries no score: a number tempts people to show or keep it. */
export const FingerprintReply = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('capture'),
      print: Type.Enum(['good', 'poor']),
      /** Present when the print is poor. */
      advice: Type.Optional(FingerAdvice),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('verify'),
      /** `poor`: no comparison was possible; not a failed one. */
      result: Type.Enum(['match', 'mismatch', 'poor']),
      advice: Type.Optional(FingerAdvice),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('enrol'), template: ModuleTemplate }, closed),
  Type.Object({ kind: Type.Literal('await-lift') }, closed),
  Type.Object({ kind: Type.Literal('wipe') }, closed),
]);
export type FingerprintReply = Static<typeof FingerprintReply>;

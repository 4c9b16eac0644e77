/** Commands and replies of the class `document-printer` (IPP/1.1 and 2.0, RFC 8010 and 8011). */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
/** Names one physical print for ever; a reprint is another job. */
const JobId = Type.String({ pattern: '^[A-Za-z0-9-]{1,40}$' });
/** A job number of the printer. */
const JobNumber = Type.Integer({ minimum: 1, maximum: 0x7fff_ffff });

export const DocumentPrinterCommand = Type.Union([
  /** A whole PDF, base64, at most 8 MiB of bytes. `done` only when the printer says `completed`; never sent twice. */
  Type.Object(
    {
      kind: Type.Literal('print'),
      job: JobId,
      pdf: Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$', maxLength: 11_184_812 }),
      pages: Type.Integer({ minimum: 1, maximum: 200 }),
    },
    closed,
  ),
  /** After a crash: what became of this job? Found by its name in the printer's own list. No physical effect. */
  Type.Object({ kind: Type.Literal('settle'), job: JobId }, closed),
  /** Takes a job that has not come out yet back. */
  Type.Object({ kind: Type.Literal('cancel'), job: JobId }, closed),
]);
export type DocumentPrinterCommand = Static<typeof DocumentPrinterCommand>;

export const DocumentPrinterReply = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('print'),
      jobNumber: JobNumber,
      /** Sheets the printer counted; absent when it does not count. */
      sheets: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('settle'), printed: Type.Enum(['yes', 'no', 'cannotTell']) }, closed),
  Type.Object({ kind: Type.Literal('cancel'), cancelled: Type.Boolean() }, closed),
]);
export type DocumentPrinterReply = Static<typeof DocumentPrinterReply>;

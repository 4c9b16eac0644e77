/** What a site says of its printer. */
import Type, { type Static } from 'typebox';

export const DocumentPrinterSettings = Type.Object(
  {
    /** PWG 5101.1 name. Default A4. */
    media: Type.Optional(Type.String({ pattern: '^[a-z0-9_.-]{1,64}$' })),
    sides: Type.Optional(Type.Enum(['one-sided', 'two-sided-long-edge'])),
    /** With one tray (the default) a warning that it is empty means that nothing can be printed. */
    trays: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
    /**
     * `kept`: the site promises that the printer's list of ended jobs survives a power cut (CUPS: PreserveJobHistory Yes and
     * DirtyCleanInterval 0), so that a job it does not know was never printed. Default `notKept`: then nobody can tell.
     */
    history: Type.Optional(Type.Enum(['kept', 'notKept'])),
  },
  { additionalProperties: false },
);
export type DocumentPrinterSettings = Static<typeof DocumentPrinterSettings>;

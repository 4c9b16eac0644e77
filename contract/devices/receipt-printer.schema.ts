/** Commands and replies of the class `receipt-printer`. */
import Type, { type Static } from 'typebox';
import { Receipt } from '../receipt.schema.ts';

/** Names one physical print for ever; a reprint is another job. */
const JobId = Type.String({ pattern: '^[A-Za-z0-9-]{1,40}$' });

export const ReceiptPrinterCommand = Type.Union([
  /**
   * What the printer's counters say now, as one opaque line that `settle` can compare with later. No physical effect.
   * With the slip about to be printed the line also carries how much paper it takes; without, a counter that moved
   * settles nothing.
   */
  Type.Object({ kind: Type.Literal('checkpoint'), receipt: Type.Optional(Receipt) }, { additionalProperties: false }),
  /** `done` only with the printer's own evidence that everything up to the cut left the head. */
  Type.Object({ kind: Type.Literal('print'), job: JobId, receipt: Receipt }, { additionalProperties: false }),
  /** After a crash: did this job, begun at that checkpoint, come out? No physical effect. */
  Type.Object(
    { kind: Type.Literal('settle'), job: JobId, checkpoint: Type.String({ maxLength: 200 }) },
    { additionalProperties: false },
  ),
  /** Takes back or throws out what waits in the mouth, so that it does not greet the next person. */
  Type.Object({ kind: Type.Literal('retract') }, { additionalProperties: false }),
]);
export type ReceiptPrinterCommand = Static<typeof ReceiptPrinterCommand>;

export const ReceiptPrinterReply = Type.Union([
  Type.Object(
    { kind: Type.Literal('checkpoint'), checkpoint: Type.String({ maxLength: 200 }) },
    { additionalProperties: false },
  ),
  Type.Object({ kind: Type.Literal('print') }, { additionalProperties: false }),
  Type.Object(
    { kind: Type.Literal('settle'), printed: Type.Enum(['yes', 'no', 'cannotTell']) },
    { additionalProperties: false },
  ),
  Type.Object({ kind: Type.Literal('retract'), retracted: Type.Boolean() }, { additionalProperties: false }),
]);
export type ReceiptPrinterReply = Static<typeof ReceiptPrinterReply>;

/** What operations say about releases of documents. */
import Type from 'typebox';
import { Channel } from '../../contract/document.schema.ts';
import { TerminalId } from '../../contract/enrolment.schema.ts';

const closed = { additionalProperties: false } as const;

/** The release goes on to its next ring. */
export const AdvanceRequest = Type.Object({ channel: Channel, version: Type.Integer({ minimum: 1 }) }, closed);
/** The hand-picked few that get everything first. */
export const FirstRingRequest = Type.Object({ terminals: Type.Array(TerminalId, { maxItems: 100 }) }, closed);

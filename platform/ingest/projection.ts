/**
 * What a record means. Each projector answers nothing when the event fits what is known, or the reason to park it; the
 * record itself is kept either way. Business keys make every effect count once, whatever incarnation tells of it.
 */
import type { Stream, StreamEvent } from '../../contract/terminal-event.schema.ts';
import type { Draft } from './draft.ts';
import type { EventOf, Origin, ParkReason } from './ingest.types.ts';
import {
  projectAct,
  projectAudit,
  projectCaseClosed,
  projectCaseOpened,
  projectForm,
  projectMetric,
  projectPrint,
  projectRating,
} from './paper-and-cases.projection.ts';
import { projectCharge, projectChargeAsked } from './payments.projection.ts';
import { projectTicket } from './tickets.projection.ts';

/** What no database of text takes: the character U+0000, and half a surrogate pair. In canonical JSON both are escapes. */
const UNWRITABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** `text`: the canonical JSON. What is not writable is asked for nowhere and means nothing; the record itself is kept. */
export function isWritable(text: string): boolean {
  return !text.includes('\\u') || !UNWRITABLE.test(text);
}

type Projector<Type extends StreamEvent['type']> = (draft: Draft, origin: Origin, event: EventOf<Type>) => ParkReason;

const PROJECTORS: { readonly [Type in StreamEvent['type']]: Projector<Type> } = {
  TicketIssued: projectTicket,
  ChargeAsked: projectChargeAsked,
  ChargeSettled: projectCharge,
  PrintSettled: projectPrint,
  ActSettled: projectAct,
  FormSubmitted: projectForm,
  CaseOpened: projectCaseOpened,
  CaseClosed: projectCaseClosed,
  Rated: projectRating,
  Audit: projectAudit,
  Metric: projectMetric,
};

export function project(draft: Draft, stream: Stream, origin: Origin, event: StreamEvent, text: string): ParkReason {
  if (!isWritable(text)) return 'record.unwritable';
  if (streamOf(event) !== stream) return 'record.ofAnotherStream';
  return projectorOf(event)(draft, origin, event);
}

function projectorOf<Event extends StreamEvent>({
  type,
}: Event): (draft: Draft, origin: Origin, event: Event) => ParkReason {
  return PROJECTORS[type] as (draft: Draft, origin: Origin, event: Event) => ParkReason;
}

function streamOf(event: StreamEvent): Stream {
  if (event.type === 'Audit') return 'audit';
  return event.type === 'Metric' ? 'metrics' : 'ledger';
}

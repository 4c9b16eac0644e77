/**
 * What a record means. Each projector answers nothing when the event fits what is known, or the reason to park it; the
 * record itself is kept either way. Business keys make every effect count once, whatever incarnation tells of it.
 */
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import type { PlatformContext } from '../context.ts';
import type { Commit } from '../database/tables.ts';
import { projectCase, projectPrint, projectRating } from './paper-and-cases.projection.ts';
import { projectCharge } from './payments.projection.ts';
import type { Origin, ParkReason } from './projection.types.ts';
import { projectTicket } from './tickets.projection.ts';

export async function project(
  commit: Commit,
  context: PlatformContext,
  origin: Origin,
  event: TerminalEvent,
): Promise<ParkReason> {
  switch (event.type) {
    case 'TicketIssued':
      return projectTicket(commit, origin, event);
    case 'ChargeSettled':
      return projectCharge(commit, context, origin, event);
    case 'PrintSettled':
      return projectPrint(commit, origin, event);
    case 'CaseOpened':
      return projectCase(commit, origin, event);
    case 'Rated':
      return projectRating(commit, origin, event);
  }
}

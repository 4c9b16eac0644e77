/** Queue numbers: each number of a day once, and only from a block that was leased to the terminal that gave it out. */
import { localDay } from '../local-time.ts';
import type { Row } from '../database/row-sets.ts';
import type { Draft } from './draft.ts';
import type { EventOf, Origin, ParkReason } from './ingest.types.ts';

type Ticket = EventOf<'TicketIssued'>;

export function projectTicket(draft: Draft, origin: Origin, event: Ticket): ParkReason {
  const known = draft.tickets.get(origin.terminal, event.operation);
  const number = event.number === '' ? null : event.number;
  if (known) return known.queue === event.queue && known.number === number ? undefined : 'ticket.operationUsedTwice';
  if (number === null) return store(draft, origin, event, dayOf(event, origin), null);
  const block = draft.blocks.get(origin.terminal, event.block);
  if (!block || !holds(block, event)) return 'ticket.notFromItsBlock';
  if (draft.tickets.like(origin.terminal, event.queue, block.day, number).length > 0) return 'ticket.numberGivenTwice';
  return store(draft, origin, event, block.day, number);
}

/** The day the terminal names, when its clock can be read at all. */
function dayOf(event: Ticket, { receivedMs }: Origin): string {
  const atMs = Date.parse(event.at);
  return localDay(Number.isNaN(atMs) ? receivedMs : atMs);
}

function holds(block: Row<'ticket_blocks'>, event: Ticket): boolean {
  const [, prefix, digits] = /^([A-Z])(\d{1,4})$/.exec(event.number) ?? [];
  const value = Number(digits);
  return block.queue === event.queue && block.prefix === prefix && value >= block.first && value <= block.last;
}

function store(draft: Draft, origin: Origin, event: Ticket, day: string, number: string | null): undefined {
  draft.tickets.set({
    terminal_id: origin.terminal,
    operation: event.operation,
    queue: event.queue,
    day,
    number,
    offline: event.offline ? 1 : 0,
    issued_at: event.at,
    received_ms: origin.receivedMs,
    incarnation: origin.incarnation,
    seq: origin.seq,
  });
}

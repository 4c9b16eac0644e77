/** Queue numbers: each number of a day once, and only from a block that was leased to the terminal that gave it out. */
import { localDay } from '../local-time.ts';
import type { Commit, Tables } from '../database/tables.ts';
import type { EventOf, Origin, ParkReason } from './projection.types.ts';

type Ticket = EventOf<'TicketIssued'>;

export async function projectTicket(commit: Commit, origin: Origin, event: Ticket): Promise<ParkReason> {
  const known = await commit
    .selectFrom('tickets')
    .select(['queue', 'number'])
    .where('terminal', '=', origin.terminal)
    .where('operation', '=', event.operation)
    .executeTakeFirst();
  const number = event.number === '' ? null : event.number;
  if (known) return known.queue === event.queue && known.number === number ? undefined : 'ticket.operationUsedTwice';
  if (number === null) return store(commit, origin, event, localDay(Date.parse(event.at)), null);
  const block = await commit
    .selectFrom('ticket_blocks')
    .selectAll()
    .where('block', '=', event.block)
    .where('terminal', '=', origin.terminal)
    .executeTakeFirst();
  if (!block || !holds(block, event)) return 'ticket.notFromItsBlock';
  const taken = await commit
    .selectFrom('tickets')
    .select('operation')
    .where('queue', '=', event.queue)
    .where('day', '=', block.day)
    .where('number', '=', number)
    .executeTakeFirst();
  if (taken) return 'ticket.numberGivenTwice';
  return store(commit, origin, event, block.day, number);
}

function holds(block: Tables['ticket_blocks'], event: Ticket): boolean {
  const [, prefix, digits] = /^([A-Z])(\d{1,4})$/.exec(event.number) ?? [];
  const value = Number(digits);
  return block.queue === event.queue && block.prefix === prefix && value >= block.first && value <= block.last;
}

async function store(
  commit: Commit,
  origin: Origin,
  event: Ticket,
  day: string,
  number: string | null,
): Promise<undefined> {
  await commit
    .insertInto('tickets')
    .values({
      terminal: origin.terminal,
      operation: event.operation,
      queue: event.queue,
      day,
      number,
      offline: event.offline ? 1 : 0,
      issued_at: event.at,
      received_ms: origin.receivedMs,
      arrival: origin.arrival,
    })
    .execute();
}

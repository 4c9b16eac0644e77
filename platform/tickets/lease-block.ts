/** Leases ranges of queue numbers. One counter per queue and day, moved in the commit that stores the lease: no overlap. */
import type { TicketBlock, TicketBlockRequest } from '../../contract/platform-api.schema.ts';
import type { PlatformContext } from '../context.ts';
import type { Commit, Tables } from '../database/tables.ts';
import { takeTurn } from '../database/turns.ts';
import { localDay } from '../local-time.ts';
import type { Queue } from '../platform-data.ts';

/** A slip holds four digits. */
const LAST_NUMBER = 9999;

export type LeaseAnswer =
  { readonly kind: 'leased'; readonly block: TicketBlock } | { readonly kind: 'unknownQueue' | 'keyReused' | 'usedUp' };

export async function leaseBlock(
  context: PlatformContext,
  terminal: string,
  request: TicketBlockRequest,
): Promise<LeaseAnswer> {
  const queue = context.queues.find((candidate) => candidate.id === request.queue);
  if (!queue) return { kind: 'unknownQueue' };
  return context.database.transaction().execute(async (commit) => {
    await takeTurn(commit, terminal);
    const earlier = await commit
      .selectFrom('ticket_blocks')
      .selectAll()
      .where('terminal_id', '=', terminal)
      .where('idempotency_key', '=', request.idempotencyKey)
      .executeTakeFirst();
    if (!earlier) return leaseNew(commit, context, terminal, queue, request);
    const isSame = earlier.queue === request.queue && earlier.requested_size === request.size;
    return isSame ? { kind: 'leased', block: asBlock(earlier) } : { kind: 'keyReused' };
  });
}

async function leaseNew(
  commit: Commit,
  context: PlatformContext,
  terminal: string,
  queue: Queue,
  request: TicketBlockRequest,
): Promise<LeaseAnswer> {
  const day = localDay(context.clock.wallMs());
  const first = await nextNumber(commit, queue.id, day);
  if (first > LAST_NUMBER) return { kind: 'usedUp' };
  const last = Math.min(first + request.size - 1, LAST_NUMBER);
  const row = {
    block: `${queue.id}-${day}-${first}`,
    terminal_id: terminal,
    idempotency_key: request.idempotencyKey,
    requested_size: request.size,
    queue: queue.id,
    day,
    prefix: queue.prefix,
    first,
    last,
    leased_ms: context.clock.wallMs(),
  };
  await commit.insertInto('ticket_blocks').values(row).execute();
  await commit
    .updateTable('queue_days')
    .set({ next_number: last + 1 })
    .where('queue', '=', queue.id)
    .where('day', '=', day)
    .execute();
  return { kind: 'leased', block: asBlock(row) };
}

/** Holds the counter until the commit, so that two nodes never read the same number. */
async function nextNumber(commit: Commit, queue: string, day: string): Promise<number> {
  const row = await commit
    .insertInto('queue_days')
    .values({ queue, day, next_number: 1, desk_issued: 0, called: 0 })
    .onConflict((conflict) =>
      conflict.columns(['queue', 'day']).doUpdateSet((set) => ({ next_number: set.ref('queue_days.next_number') })),
    )
    .returning('next_number')
    .executeTakeFirstOrThrow();
  return row.next_number;
}

function asBlock(row: Tables['ticket_blocks']): TicketBlock {
  return { block: row.block, queue: row.queue, prefix: row.prefix, first: row.first, last: row.last, day: row.day };
}

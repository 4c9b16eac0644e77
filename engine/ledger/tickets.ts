/**
 * Queue numbers. The platform leases blocks to this terminal alone, so that two terminals of one station never give the
 * same number, with or without the line. A number is used up in the commit that records it.
 */
import type { Clock } from '../../contract/clock.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { TicketBlock } from '../../contract/platform-api.schema.ts';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import type { EntryOf, Txn } from './journal.schema.ts';
import { later } from './later.ts';
import type { Store } from './store.ts';

export interface TicketRequest {
  readonly queue: string;
  /** Local calendar day, `YYYY-MM-DD`. */
  readonly day: string;
  /** The transaction the ticket belongs to. */
  readonly operation: string;
  readonly offline: boolean;
}

export interface Tickets {
  /**
   * Keeps a leased block; storing it again changes nothing. `platform.badAnswer` when it overlaps another block of that
   * queue and day: a number may have been given already.
   */
  store(block: TicketBlock): Result<undefined>;
  /** The next number, durable when it is returned; `number` undefined when the block is used up. */
  issue(request: TicketRequest): Result<{ readonly number: string | undefined }>;
  remaining(queue: string, day: string): number;
  /** Forgets the blocks of days before `day`. */
  forgetBefore(day: string): Result<undefined>;
}

/** Runs `within` in the same commit as the entry's rows. */
export type AppendWith = (
  txn: string,
  entry: EntryOf<'ticket.issued'>,
  events: readonly TerminalEvent[],
  within: () => void,
) => Result<Txn>;

/** What the event names when there was no block with a number left. */
const NO_BLOCK = 'none';

interface BlockRow {
  readonly block: string;
  readonly prefix: string;
  readonly next: number;
}

export function createTickets(store: Store, clock: Clock, append: AppendWith): Tickets {
  const { db } = store;
  const selectOverlap = later(
    db,
    'SELECT block FROM ticket_block WHERE queue = ? AND day = ? AND prefix = ? AND first <= ? AND last >= ?',
  );
  const insert = later(
    db,
    'INSERT INTO ticket_block (block, queue, day, prefix, first, last, next) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const selectBlock = later(db, 'SELECT 1 FROM ticket_block WHERE block = ?');
  const selectNext = later(
    db,
    'SELECT block, prefix, next FROM ticket_block WHERE queue = ? AND day = ? AND next <= last ORDER BY rowid LIMIT 1',
  );
  const useUp = later(db, 'UPDATE ticket_block SET next = next + 1 WHERE block = ?');
  const sumLeft = later(
    db,
    'SELECT COALESCE(SUM(last - next + 1), 0) AS remaining FROM ticket_block WHERE queue = ? AND day = ?',
  );
  const forget = later(db, 'DELETE FROM ticket_block WHERE day < ?');

  return {
    store({ block, queue, day, prefix, first, last }) {
      if (selectBlock.get(block)) return ok(undefined);
      if (first > last) return fail('platform.badAnswer', `block ${block} is empty`);
      if (selectOverlap.get(queue, day, prefix, last, first)) {
        return fail('platform.badAnswer', `block ${block} overlaps another one`);
      }
      return store.commit(() => void insert.run(block, queue, day, prefix, first, last, first));
    },
    issue({ queue, day, operation, offline }) {
      const leased = selectNext.get(queue, day) as BlockRow | undefined;
      const number = leased && leased.prefix + String(leased.next).padStart(3, '0');
      const numbered = leased && number ? { number, block: leased.block } : {};
      const appended = append(
        operation,
        { step: 'ticket.issued', queue, day, offline, ...numbered },
        [
          {
            type: 'TicketIssued',
            at: new Date(clock.wallMs()).toISOString(),
            operation,
            queue,
            number: number ?? '',
            offline,
            block: leased?.block ?? NO_BLOCK,
          },
        ],
        () => void (leased && useUp.run(leased.block)),
      );
      return appended.ok ? ok({ number }) : appended;
    },
    remaining: (queue, day) => (sumLeft.get(queue, day) as { remaining: number }).remaining,
    forgetBefore: (day) => store.commit(() => void forget.run(day)),
  };
}

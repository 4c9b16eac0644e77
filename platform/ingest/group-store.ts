/** Stores groups in this thread, with the database that is given. */
import type { PlatformDatabase } from '../database/tables.ts';
import type { Decision } from './decide.ts';
import type { Arrival, Decided, GroupStore } from './ingest.types.ts';
import { readBatch } from './read-batch.ts';
import { takeGroup } from './take-group.ts';

/** The database is the caller's to close. */
export function createGroupStore(database: PlatformDatabase): GroupStore {
  return {
    async store(group, onWritten) {
      const read = group.map(readBatch);
      const arrivals = read.flatMap((one) => (one.ok ? [one.arrival] : []));
      const decisions = arrivals.length === 0 ? [] : await takeGroup(database, arrivals, onWritten);
      let next = 0;
      return read.map((one) => (one.ok ? decided(one.arrival, decisions[next++]) : one.bad));
    },
    close: () => Promise.resolve(),
  };
}

function decided({ batch }: Arrival, decision: Decision | undefined): Decided {
  if (!decision) throw new Error('a batch was not decided');
  return {
    ...decision,
    incarnation: batch.incarnation,
    records: batch.records.length,
    ...(batch.clock && { terminalMs: batch.clock.wallMs }),
    hasTicket: batch.records.some(({ event }) => event.type === 'TicketIssued'),
  };
}

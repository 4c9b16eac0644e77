/** What the flow may say of money, line, stock and time, read from ledger and sync at the moment it is asked. */
import type { Clock } from '../contract/clock.ts';
import type { FlowPorts, MoneyStanding } from './flow/ports.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { ClockTrust } from './sync/clock-trust.ts';
import type { Sync } from './sync/sync.ts';

/** The queue of a terminal that is alone for 72 hours fits into it (needs A08). */
export const LEDGER_BUDGET_BYTES = 200 * 1024 * 1024;
/** From here on nothing new is handed in; tickets and what is under way go on. */
const HANDS_IN_UP_TO = 0.8;
/** Payments whose place in the outbox is remembered: more than one resident makes. */
const REMEMBERED = 16;

export interface StationNowParts {
  readonly ledger: Pick<Ledger, 'bytes' | 'outbox' | 'tickets' | 'txn'>;
  readonly sync: Pick<Sync, 'heardAt' | 'suspended'>;
  readonly time: ClockTrust;
  readonly clock: Clock;
  readonly today: () => string;
  readonly expiredDocuments: () => readonly string[];
}

type Facts = Pick<
  FlowPorts,
  'money' | 'line' | 'suspended' | 'ticketsLeft' | 'handsInOpen' | 'expiredDocuments' | 'timeVerified'
>;

export interface StationNow extends Facts {
  /** An effect of the transaction has ended: everything written of it stands in the outbox up to here. */
  written(txn: string): void;
}

const PAID: Readonly<Record<string, MoneyStanding['paid']>> = {
  asked: 'open',
  paid: 'yes',
  cancelled: 'no',
  reversing: 'returning',
  reversed: 'returned',
};

export function createStationNow(parts: StationNowParts): StationNow {
  const { ledger, sync, time, clock } = parts;
  const lastSeq = new Map<string, number>();
  return {
    written(txn) {
      lastSeq.delete(txn);
      lastSeq.set(txn, ledger.outbox.head().written.seq);
      const oldest = lastSeq.keys().next().value;
      if (lastSeq.size > REMEMBERED && oldest !== undefined) lastSeq.delete(oldest);
    },
    money(txn) {
      const state = ledger.txn(txn).charge?.state;
      const seq = lastSeq.get(txn);
      const hasArrived = seq !== undefined && seq <= ledger.outbox.head().acknowledged.seq;
      return { paid: (state && PAID[state]) ?? 'no', recorded: hasArrived ? 'platform' : 'here' };
    },
    line() {
      const heardAt = sync.heardAt();
      return {
        heardMsAgo: heardAt === undefined ? undefined : clock.now() - heardAt,
        unsent: ledger.outbox.unacknowledged(),
      };
    },
    suspended: () => sync.suspended(),
    ticketsLeft: (queue) => ledger.tickets.remaining(queue, parts.today()),
    handsInOpen: () => ledger.bytes() < LEDGER_BUDGET_BYTES * HANDS_IN_UP_TO,
    expiredDocuments: parts.expiredDocuments,
    timeVerified: () => time.read().isTrusted,
  };
}

/** A terminal's ledger as tests need it: events become chained records. The chain is written anew here, not imported. */
import { createHash } from 'node:crypto';
import type { BatchRequest } from '../../contract/platform-api.schema.ts';
import type { StreamEvent, TerminalEvent } from '../../contract/terminal-event.schema.ts';

export const ZERO_HASH = '0'.repeat(64);
export const AT = '2026-01-05T00:00:00.000Z';

export type Records = BatchRequest['records'];

/** Keys in sorted order, at every depth. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [key, sorted(inner)]);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function chain(previous: string, event: StreamEvent): string {
  return createHash('sha256')
    .update(previous)
    .update(JSON.stringify(sorted(event)))
    .digest('hex');
}

export function recordsOf(events: readonly StreamEvent[]): Records {
  let previous = ZERO_HASH;
  return events.map((event, index) => {
    previous = chain(previous, event);
    return { seq: index + 1, event, hash: previous };
  });
}

/** Records `from..to` (seq, both included) of a whole ledger as a batch. */
export function batchOf(records: Records, from = 1, to = records.length, incarnation = 'inc-1'): BatchRequest {
  return { incarnation, prevHash: records[from - 2]?.hash ?? ZERO_HASH, records: records.slice(from - 1, to) };
}

/** As it is sent. */
export function bodyOf(batch: BatchRequest): Uint8Array {
  return Buffer.from(JSON.stringify(batch), 'utf8');
}

export function headOf(records: Records, seq = records.length): { seq: number; hash: string } {
  return { seq, hash: records[seq - 1]?.hash ?? ZERO_HASH };
}

type Of<Type extends TerminalEvent['type']> = Extract<TerminalEvent, { type: Type }>;

export function paid(trade: string, more: Partial<Of<'ChargeSettled'>> = {}): TerminalEvent {
  const base = { type: 'ChargeSettled', at: AT, operation: `op-${trade}`, service: 'parking' } as const;
  return { ...base, trade, amountCents: 960, state: 'paid', ...more };
}

export function asked(trade: string, more: Partial<Of<'ChargeAsked'>> = {}): TerminalEvent {
  const base = { type: 'ChargeAsked', at: AT, operation: `op-${trade}`, service: 'parking' } as const;
  return { ...base, trade, amountCents: 960, ...more };
}

export function ticket(operation: string, number: string, more: Partial<Of<'TicketIssued'>> = {}): TerminalEvent {
  const base = { type: 'TicketIssued', at: AT, queue: 'civil-affairs', block: 'civil-affairs-2026-01-05-1' } as const;
  return { ...base, operation, number, offline: true, ...more };
}

export function caseOpened(code: string, trade: string): TerminalEvent {
  return {
    type: 'CaseOpened',
    at: AT,
    operation: `op-${trade}`,
    code,
    reason: 'payment.unknown',
    amountCents: 960,
    trade,
  };
}

export function printed(job: string, state: 'printed' | 'notPrinted' = 'printed'): TerminalEvent {
  return { type: 'PrintSettled', at: AT, operation: `op-${job}`, job, template: 'receipt', state, evidence: 'seen' };
}

export function rated(stars: number): TerminalEvent {
  return { type: 'Rated', at: AT, service: 'parking', stars };
}

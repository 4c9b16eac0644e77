/** A terminal at peace with every witness: one paid and printed, one given back, one cancelled, one with staff. */
import { createHash } from 'node:crypto';
import type { InvariantFacts, OperationFact, PlatformFact, RecordFact } from './facts.types.ts';

/** Events are flat here, so sorting one level is sorting all. Written anew, not imported. */
export function testHash(prevHash: string, event: { readonly type: string }): string {
  const text = JSON.stringify(event, Object.keys(event).toSorted());
  return createHash('sha256')
    .update(prevHash + text)
    .digest('hex');
}

export function chainOf(events: readonly { readonly type: string }[]): readonly RecordFact[] {
  let hash = '0'.repeat(64);
  return events.map((event, index) => {
    hash = testHash(hash, event);
    return { seq: index + 1, hash, event };
  });
}

const told = (type: string, fields: Readonly<Record<string, string>>) => ({ type, ...fields });
const EVENTS = [
  told('ChargeAsked', { operation: 'o1', trade: 't1' }),
  told('ChargeSettled', { operation: 'o1', trade: 't1', state: 'paid' }),
  told('PrintSettled', { operation: 'o1', job: 'p1', state: 'printed' }),
  told('ChargeAsked', { operation: 'o2', trade: 't2' }),
  told('ChargeSettled', { operation: 'o2', trade: 't2', state: 'paid' }),
  told('PrintSettled', { operation: 'o2', job: 'p2', state: 'notPrinted' }),
  told('ChargeSettled', { operation: 'o2', trade: 't2', state: 'reversed' }),
  told('ChargeAsked', { operation: 'o3', trade: 't3' }),
  told('ChargeSettled', { operation: 'o3', trade: 't3', state: 'cancelled' }),
  told('ChargeAsked', { operation: 'o4', trade: 't4' }),
  told('ChargeSettled', { operation: 'o4', trade: 't4', state: 'paid' }),
  told('CaseOpened', { operation: 'o4', code: 'AAAA-0001' }),
];

const print = { kind: 'print', what: 'parking' } as const;
const OPERATIONS: readonly OperationFact[] = [
  {
    operation: 'o1',
    session: 's1',
    charge: { trade: 't1', amountCents: 960, state: 'paid' },
    acts: [{ ...print, job: 'p1', state: 'done' }],
  },
  {
    operation: 'o2',
    session: 's2',
    charge: { trade: 't2', amountCents: 960, state: 'reversed' },
    acts: [{ ...print, job: 'p2', state: 'failed' }],
  },
  { operation: 'o3', session: 's3', charge: { trade: 't3', amountCents: 400, state: 'cancelled' }, acts: [] },
  {
    operation: 'o4',
    session: 's4',
    charge: { trade: 't4', amountCents: 960, state: 'paid' },
    acts: [{ ...print, job: 'p4', state: 'doubt' }],
    case: { code: 'AAAA-0001', reason: 'print.unknown', open: true },
  },
];

const stream = { incarnation: 'inc-1', stream: 'ledger' };
const could = { couldTell: true, couldReverse: true };

export const RECORDS = chainOf(EVENTS);

export const SOUND_PLATFORM: PlatformFact = {
  records: RECORDS.map((record) => ({ ...stream, ...record })),
  heads: [{ ...stream, seq: RECORDS.length, hash: RECORDS.at(-1)?.hash ?? '' }],
  payments: [
    { trade: 't1', operation: 'o1', amountCents: 960, state: 'paid' },
    { trade: 't2', operation: 'o2', amountCents: 960, state: 'reversed' },
    { trade: 't3', operation: 'o3', amountCents: 400, state: 'cancelled' },
    { trade: 't4', operation: 'o4', amountCents: 960, state: 'paid' },
  ],
  prints: [
    { job: 'p1', operation: 'o1', what: 'parking', state: 'done' },
    { job: 'p2', operation: 'o2', what: 'parking', state: 'notDone' },
  ],
  cases: [{ code: 'AAAA-0001', operation: 'o4', reason: 'print.unknown', open: true }],
};

export const SOUND: InvariantFacts = {
  terminal: { operations: OPERATIONS },
  provider: [
    { trade: 't1', state: 'captured', cents: 960, ...could },
    { trade: 't2', state: 'reversed', cents: 960, ...could },
    { trade: 't3', state: 'none', cents: 0, ...could },
    { trade: 't4', state: 'captured', cents: 960, ...could },
  ],
  world: [
    { job: 'p1', what: 'parking', originals: 1, copies: 0, takenBy: ['o1'], couldTell: true },
    { job: 'p4', what: 'parking', originals: 1, copies: 0, couldTell: false },
  ],
  streams: [{ ...stream, records: RECORDS, acknowledged: { seq: RECORDS.length, hash: RECORDS.at(-1)?.hash ?? '' } }],
  platform: SOUND_PLATFORM,
  ledgerSound: { ok: true },
  bounds: { unfinishedMs: 0 },
};

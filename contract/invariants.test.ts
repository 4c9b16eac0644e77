import { describe, expect, it } from 'vitest';
import { checkInvariants, INVARIANTS, type InvariantFacts, type InvariantName } from './invariants.ts';
import type {
  ActFact,
  OperationFact,
  OutputFact,
  PaymentRowFact,
  PlatformFact,
  PrintRowFact,
  TradeFact,
} from './invariants/facts.types.ts';
import { chainOf, RECORDS, SOUND, SOUND_PLATFORM, testHash } from './invariants/sound-facts.test-support.ts';

/** Names that are broken, each once. */
function brokenBy(facts: InvariantFacts): readonly InvariantName[] {
  const found = checkInvariants(facts, { recordHash: testHash });
  return [...new Set(found.map(({ invariant }) => invariant))];
}

function withOperation(id: string, more: Partial<OperationFact>): InvariantFacts {
  const operations = (SOUND.terminal?.operations ?? []).map((one) =>
    one.operation === id ? { ...one, ...more } : one,
  );
  return { ...SOUND, terminal: { operations } };
}

/** Only what the terminal says. */
function terminalAlone(id: string, more: Partial<OperationFact>): InvariantFacts {
  const { terminal, bounds } = withOperation(id, more);
  return { ...(terminal && { terminal }), ...(bounds && { bounds }) };
}

function withTrade(trade: string, more: Partial<TradeFact>): InvariantFacts {
  return { ...SOUND, provider: (SOUND.provider ?? []).map((one) => (one.trade === trade ? { ...one, ...more } : one)) };
}

function withOutput(job: string, more: Partial<OutputFact>): InvariantFacts {
  return { ...SOUND, world: (SOUND.world ?? []).map((one) => (one.job === job ? { ...one, ...more } : one)) };
}

function withPlatform(more: Partial<PlatformFact>): InvariantFacts {
  return { ...SOUND, platform: { ...SOUND_PLATFORM, ...more } };
}

/** Only what the platform knows, as in production. */
function platformAlone(more: Partial<PlatformFact>): InvariantFacts {
  const { payments, prints, cases } = SOUND_PLATFORM;
  return { platform: { ...(payments && { payments }), ...(prints && { prints }), ...(cases && { cases }), ...more } };
}

const stream = { incarnation: 'inc-1', stream: 'ledger' };
const act = (job: string, more: Partial<ActFact> = {}): ActFact => ({
  kind: 'print',
  job,
  what: 'parking',
  state: 'done',
  ...more,
});
const records = SOUND_PLATFORM.records ?? [];
const payments = SOUND_PLATFORM.payments ?? [];
const prints = SOUND_PLATFORM.prints ?? [];
const firstPayment: PaymentRowFact = { trade: 't1', operation: 'o1', amountCents: 960, state: 'paid' };
const firstPrint: PrintRowFact = { job: 'p1', operation: 'o1', what: 'parking', state: 'done' };
const head = (seq: number) => ({ seq, hash: RECORDS[seq - 1]?.hash ?? '' });
const heldWith = (more: object): InvariantFacts => ({ ...SOUND, streams: [{ ...stream, records: RECORDS, ...more }] });

const TOLD_TWICE = [1, 2].map(() => ({ type: 'ChargeSettled', trade: 't1', state: 'paid' }));

/** Title, facts, and the one invariant they break. */
const BREACHES: readonly (readonly [InvariantName, string, InvariantFacts])[] = [
  ['I1', 'money was taken twice under one trade', withTrade('t1', { captures: 2 })],
  [
    'I1',
    'one operation was charged under two trades',
    { ...SOUND, provider: [...(SOUND.provider ?? []), { trade: 't9', operation: 'o3', state: 'none', cents: 0 }] },
  ],
  [
    'I1',
    'the platform has two payments of one operation',
    platformAlone({ payments: [...payments, { trade: 't9', operation: 'o1', amountCents: 960, state: 'cancelled' }] }),
  ],
  ['I2', 'the printer gave the same slip twice', withOutput('p1', { originals: 2 })],
  ['I2', 'a copy came out without a number', withOutput('p1', { copies: 1 })],
  [
    'I2',
    'the platform has two originals of one slip',
    platformAlone({ prints: [...prints, { job: 'p9', operation: 'o1', what: 'parking', state: 'done' }] }),
  ],
  ['I2', 'the terminal printed two originals', terminalAlone('o1', { acts: [act('p1'), act('p9')] })],
  [
    'I2',
    'a doubtful slip was printed again unmarked',
    terminalAlone('o4', { acts: [act('p4', { state: 'doubt' }), act('p9')] }),
  ],
  [
    'I2',
    'two copies carry one number',
    terminalAlone('o1', { acts: [act('p1'), act('p8', { copy: 1 }), act('p9', { copy: 1 })] }),
  ],
  [
    'I2',
    'the platform has two copies with one number',
    platformAlone({
      prints: [
        ...prints,
        { job: 'p8', operation: 'o1', what: 'parking', state: 'done', copy: 1 },
        { job: 'p9', operation: 'o1', what: 'parking', state: 'done', copy: 1 },
      ],
    }),
  ],
  ['I3', 'a charge stays in doubt', terminalAlone('o3', { charge: { trade: 't3', amountCents: 400, state: 'asked' } })],
  [
    'I3',
    'a reversal stays on its way',
    terminalAlone('o2', { charge: { trade: 't2', amountCents: 960, state: 'reversing' } }),
  ],
  ['I3', 'what was paid for was never begun', terminalAlone('o1', { acts: [] })],
  ['I3', 'the end of a print is not known', terminalAlone('o3', { acts: [act('p9', { state: 'started' })] })],
  ['I3', 'only a notice came out for the money', terminalAlone('o1', { acts: [act('p1', { notice: true })] })],
  ['I5', 'the terminal printed what it gave back', terminalAlone('o2', { acts: [act('p2')] })],
  [
    'I3',
    'the platform has a charge in doubt and no case',
    platformAlone({ payments: [{ ...firstPayment, state: 'asked' }] }),
  ],
  [
    'I3',
    'what was paid for did not come out, and nobody is told',
    platformAlone({ prints: [{ ...firstPrint, state: 'notDone' }] }),
  ],
  ['I4', 'a paid charge is not with the provider', withTrade('t1', { state: 'none', cents: 0 })],
  ['I4', 'the provider took another amount', withTrade('t1', { cents: 1_960 })],
  ['I4', 'a cancelled charge was taken', withTrade('t3', { state: 'captured', cents: 400 })],
  ['I4', 'a printed slip never came out', { ...SOUND, world: SOUND.world?.slice(1) ?? [] }],
  [
    'I4',
    'a slip came out that nobody asked for',
    { ...SOUND, world: [...(SOUND.world ?? []), { job: 'p9', originals: 1, copies: 0 }] },
  ],
  [
    'I4',
    'money was taken that nobody claims',
    { ...SOUND, provider: [...(SOUND.provider ?? []), { trade: 't9', state: 'captured', cents: 960 }] },
  ],
  [
    'I4',
    'the bill does not know a payment of the platform',
    { ...platformAlone({}), provider: (SOUND.provider ?? []).filter(({ trade }) => trade !== 't1') },
  ],
  [
    'I5',
    'the platform shows a printed slip whose money went back',
    platformAlone({ prints: [...prints, { job: 'p9', operation: 'o2', what: 'parking', state: 'done' }] }),
  ],
  ['I6', 'a record is missing in the middle', withPlatform({ records: records.filter(({ seq }) => seq !== 4) })],
  ['I6', 'the head is not the last record', withPlatform({ heads: [{ ...stream, seq: 12, hash: 'f'.repeat(64) }] })],
  [
    'I6',
    'the platform shows another state than it was told',
    withPlatform({ payments: [{ ...firstPayment, state: 'cancelled' }, ...payments.slice(1)] }),
  ],
  ['I6', 'a payment is shown twice', withPlatform({ payments: [...payments, firstPayment] })],
  [
    'I6',
    'a case was not told',
    withPlatform({ cases: [], records: records.slice(0, -1), heads: [{ ...stream, ...head(12) }] }),
  ],
  ['I7', 'staff have a print that the printer could have told of', withOutput('p4', { couldTell: true })],
  [
    'I7',
    'staff have a charge that the provider could have told of',
    withOperation('o4', { case: { code: 'AAAA-0001', reason: 'charge.unknown', open: true } }),
  ],
  [
    'I7',
    'staff have a reversal that would have been taken',
    withOperation('o4', { case: { code: 'AAAA-0001', reason: 'reverse.late', open: true } }),
  ],
  ['I6', 'one state is told twice', { streams: [{ ...stream, records: chainOf(TOLD_TWICE) }] }],
  [
    'I6',
    'the chain does not fit its contents',
    { streams: [{ ...stream, records: [...RECORDS.slice(0, 3), { ...RECORDS[3], seq: 4, hash: 'c'.repeat(64) }] }] },
  ],
  [
    'I6',
    'the platform has another record in its place',
    {
      streams: [{ ...stream, records: RECORDS }],
      platform: { records: chainOf(TOLD_TWICE.slice(0, 1)).map((one) => ({ ...stream, ...one })) },
    },
  ],
  ['I8', 'the file is damaged', { ...SOUND, ledgerSound: { ok: false, detail: 'page 3' } }],
  ['I9', 'the kiosk lost what was acknowledged', heldWith({ acknowledged: { seq: 13, hash: 'a'.repeat(64) } })],
  ['I9', 'the kiosk lost what it had written', heldWith({ durable: { seq: 3, hash: 'b'.repeat(64) } })],
  ['I10', 'the next resident took the slip', withOutput('p1', { takenBy: ['o3'] })],
];

describe('a breach is seen, and nothing else with it', () => {
  it.each(BREACHES.map(([invariant, title, facts]) => ({ invariant, title, facts })))(
    '$invariant: $title',
    ({ invariant, facts }) => {
      const found = brokenBy(facts);
      expect(found).toContain(invariant);
      // a hole in the records is also a lost record
      expect(found.filter((name) => name !== 'I9' || invariant !== 'I6')).toEqual([invariant]);
    },
  );

  it('every invariant has one', () => {
    expect(new Set(BREACHES.map(([invariant]) => invariant))).toEqual(new Set(Object.keys(INVARIANTS)));
  });
});

describe('what is in order is left alone', () => {
  it.each([
    ['all witnesses', SOUND],
    ['the platform alone', platformAlone({})],
    ['the end of a stream whose beginning was pruned', heldWith({ records: RECORDS.slice(6), acknowledged: head(4) })],
    ['a window of the platform', { platform: { records: records.slice(5) } }],
    [
      'a charge that is still young',
      {
        ...withOperation('o1', { acts: [], ageMs: 899_999 }),
        bounds: undefined,
        world: undefined,
        platform: undefined,
      },
    ],
    [
      'a case that a person closed by giving money back',
      terminalAlone('o2', { acts: [act('p2')], case: { code: 'AAAA-0002', reason: 'print.unknown', open: false } }),
    ],
    ['money given back before it was known to be taken', withTrade('t3', { state: 'reversed', cents: 400 })],
    ['a marked copy beside its original', terminalAlone('o1', { acts: [act('p1'), act('p8', { copy: 1 })] })],
    [
      'two different papers of one operation',
      terminalAlone('o1', { acts: [act('p1'), act('p8', { what: 'certificate' })] }),
    ],
    [
      'a resident who takes both papers of their stay',
      { ...withOperation('o3', { session: 's1' }), world: withOutput('p1', { takenBy: ['o3'] }).world },
    ],
    ['paid without paper, by choice', terminalAlone('o1', { acts: [], waived: true })],
    [
      'a record the platform put aside',
      {
        platform: {
          records: chainOf(TOLD_TWICE.slice(0, 1)).map((one) => ({ ...stream, ...one, parked: true })),
          payments: [],
        },
      },
    ],
  ] as readonly (readonly [string, InvariantFacts])[])('%s', (_title, facts) => {
    expect(checkInvariants(facts, { recordHash: testHash })).toEqual([]);
  });
});

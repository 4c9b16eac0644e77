import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkInvariants, type InvariantFacts } from './invariants.ts';
import type { ChargeFact, OperationFact, TradeFact } from './invariants/facts.types.ts';
import { chainOf, SOUND, testHash } from './invariants/sound-facts.test-support.ts';

const SOURCES = ['terminal', 'provider', 'world', 'streams', 'platform', 'ledgerSound'] as const;

/** Ends of a charge that agree with the money. */
const ENDS = [
  { charge: 'paid', trade: 'captured', act: 'done' },
  { charge: 'reversed', trade: 'reversed', act: undefined },
  { charge: 'cancelled', trade: 'none', act: undefined },
] as const;
const end = fc.constantFrom(...ENDS);

function world(ends: readonly (typeof ENDS)[number][]): InvariantFacts {
  const operations = ends.map(({ charge, act }, index): OperationFact => ({
    operation: `o${index}`,
    charge: { trade: `t${index}`, amountCents: 100 + index, state: charge },
    acts: act ? [{ kind: 'print', job: `p${index}`, state: act }] : [],
  }));
  const provider = ends.map(({ trade }, index): TradeFact => ({
    trade: `t${index}`,
    state: trade,
    cents: 100 + index,
  }));
  const outputs = ends.flatMap(({ act }, index) => (act ? [{ job: `p${index}`, originals: 1, copies: 0 }] : []));
  return { terminal: { operations }, provider, world: outputs, bounds: { unfinishedMs: 0 } };
}

describe('the checker of the invariants', () => {
  it('is silent about a sound terminal, whichever witnesses are missing', () => {
    fc.assert(
      fc.property(fc.subarray([...SOURCES]), (kept) => {
        const facts = Object.fromEntries(
          Object.entries(SOUND).filter(
            ([name]) => name === 'bounds' || kept.includes(name as (typeof SOURCES)[number]),
          ),
        );
        expect(checkInvariants(facts, { recordHash: testHash })).toEqual([]);
      }),
    );
  });

  it('is silent about any number of charges that agree, and names the one that does not', () => {
    fc.assert(
      fc.property(fc.array(end, { minLength: 1, maxLength: 30 }), fc.nat(), end, (ends, at, other) => {
        const facts = world(ends);
        expect(checkInvariants(facts)).toEqual([]);
        const index = at % ends.length;
        fc.pre(ends[index] !== other);
        const provider = (facts.provider ?? []).map((fact, place) =>
          place === index ? { ...fact, state: other.trade } : fact,
        );
        // given back without our knowing costs nobody anything
        fc.pre(!(ends[index]?.charge === 'cancelled' && other.trade === 'reversed'));
        const named = checkInvariants({ ...facts, provider });
        expect(named.map(({ operation }) => operation)).toContain(`o${index}`);
        expect(new Set(named.map(({ operation }) => operation)).size).toBe(1);
      }),
    );
  });

  it('does not depend on the order in which witnesses speak', () => {
    const charge = fc.constantFrom<ChargeFact['state']>('asked', 'paid', 'cancelled', 'reversing', 'reversed');
    fc.assert(
      fc.property(fc.array(fc.tuple(end, charge), { minLength: 2, maxLength: 8 }), (mixed) => {
        const facts = world(mixed.map(([one]) => one));
        const operations = (facts.terminal?.operations ?? []).map((one, index) => ({
          ...one,
          ...(one.charge && { charge: { ...one.charge, state: mixed[index]?.[1] ?? 'paid' } }),
        }));
        const given = { ...facts, terminal: { operations } };
        const turned = {
          ...facts,
          terminal: { operations: operations.toReversed() },
          provider: facts.provider?.toReversed() ?? [],
          world: facts.world?.toReversed() ?? [],
        };
        const sorted = (these: InvariantFacts) =>
          checkInvariants(these)
            .map((one) => JSON.stringify(one))
            .toSorted();
        expect(sorted(turned)).toEqual(sorted(given));
      }),
    );
  });

  it('sees a changed, lost, doubled or exchanged record wherever it lies', () => {
    const length = fc.integer({ min: 3, max: 20 });
    const damage = fc.constantFrom('changed', 'lost', 'doubled', 'exchanged');
    fc.assert(
      fc.property(length, fc.nat(), damage, (count, place, how) => {
        const records = [
          ...chainOf(Array.from({ length: count }, (_, index) => ({ type: 'Rated', stars: `${index}` }))),
        ];
        const stream = { incarnation: 'inc-1', stream: 'ledger' };
        const at = place % (count - 1);
        const [one, next] = [records[at], records[at + 1]];
        if (!one || !next) throw new Error('lies within');
        if (how === 'changed') records[at] = { ...one, event: { type: 'Forged' } };
        if (how === 'lost') records.splice(at, 1);
        if (how === 'doubled') records.splice(at, 0, one);
        if (how === 'exchanged') records.splice(at, 2, next, one);
        // of a window, the first one has to be believed
        fc.pre(!(how === 'lost' && at === 0));
        const found = checkInvariants(
          { platform: { records: records.map((record) => ({ ...stream, ...record })) } },
          { recordHash: testHash },
        );
        expect(found.map(({ invariant }) => invariant)).toContain('I6');
      }),
    );
  });
});

import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { BatchRequest } from '../../contract/platform-api.schema.ts';
import { AT, batchOf, caseOpened, paid, printed, rated, recordsOf, ticket } from '../test-support/ledger.ts';
import { checkBatch } from './check-batch.ts';

const GOOD = batchOf(
  recordsOf([
    paid('T1', { stamp: { boot: 'b1', monoMs: 5, offsetMs: -3, errorMs: 40 }, quote: 'q' }),
    ticket('O1', 'A001'),
    printed('J1'),
    caseOpened('AB12-CD34', 'T1'),
    rated(5),
    { type: 'Audit', at: AT, actor: 'engine', action: 'booted', detail: 'x' },
    { type: 'Metric', at: AT, name: 'queue.age', value: 1.5 },
    {
      type: 'FormSubmitted',
      at: AT,
      operation: 'F1',
      service: 's',
      form: 'f',
      formVersion: '1',
      personal: 'a'.repeat(64),
    },
  ]),
);

/** Every place in a value, as the keys that lead to it. */
function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (value === null || typeof value !== 'object') return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]))];
}

function altered(value: unknown, [key, ...rest]: readonly string[], put: unknown, isRemoval: boolean): unknown {
  if (key === undefined) return put;
  if (Array.isArray(value))
    return (value as unknown[]).map((inner, index) =>
      String(index) === key ? altered(inner, rest, put, isRemoval) : inner,
    );
  const { [key]: inner, ...others } = value as Record<string, unknown>;
  if (isRemoval && rest.length === 0) return others;
  return { ...others, [key]: altered(inner, rest, put, isRemoval) };
}

describe('the compiled check of a batch', () => {
  it('takes every kind of event the contract has', () => {
    expect(checkBatch(GOOD).ok).toBe(true);
    expect(Value.Check(BatchRequest, GOOD)).toBe(true);
  });

  it('says of any changed, missing or added value what the contract says', () => {
    const places = placesOf(GOOD);
    const put = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        '',
        0,
        -1,
        1.5,
        true,
        [],
        {},
        'Rated',
        'Audit',
        '__proto__',
        '2026-01-05T00:00:00Z',
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom('change', 'remove', 'add'), put, (place, how, value) => {
        const path = how === 'add' ? [...place, 'more'] : place;
        const batch = altered(GOOD, path, value, how === 'remove');
        expect(checkBatch(batch).ok).toBe(Value.Check(BatchRequest, batch));
      }),
      { numRuns: 1_000 },
    );
  });
});

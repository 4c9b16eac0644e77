import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { INCARNATIONS } from '../ingest/ingest-tables.ts';
import { openDatabase } from './open-database.ts';
import { findRows, putRows } from './row-sets.ts';
import type { PlatformDatabase } from './tables.ts';

const STORED = 300;
let database: PlatformDatabase;
beforeAll(async () => {
  database = await openDatabase({ sqlitePath: ':memory:' });
  const rows = Array.from({ length: STORED }, (_, index) => ({
    terminal_id: `K${index}`,
    incarnation: 'inc',
    first_ms: index,
    // a column that is compared with keys, and holds what no key may find
    predecessor: null,
    predecessor_seq: null,
    predecessor_hash: null,
    doubt: null,
  }));
  await database.transaction().execute((commit) => putRows(commit, INCARNATIONS, rows));
});
afterAll(() => database.destroy());

const keys = fc.uniqueArray(fc.nat(2 * STORED), { maxLength: 250 });

it('finds the rows of any number of keys, each once, and no other', () =>
  fc.assert(
    fc.asyncProperty(keys, async (numbers) => {
      const wanted = numbers.map((number) => [`K${number}`, 'inc']);
      const found = await findRows(database, INCARNATIONS, ['terminal_id', 'incarnation'], wanted);
      const expected = numbers.filter((number) => number < STORED);
      expect(found.map((row) => row.first_ms).toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
    }),
  ));

it('finds no row by a column that holds nothing, however many keys are asked for', () =>
  fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 130 }), async (length) => {
      const wanted = Array.from({ length }, (_, index) => [`nobody-${index}`]);
      expect(await findRows(database, INCARNATIONS, ['predecessor'], wanted)).toEqual([]);
    }),
    { numRuns: 20 },
  ));

/** The judge of the platform's images sees what a power cut could do to them; otherwise its silence would mean nothing. */
import Database from 'better-sqlite3';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../platform/database/open-database.ts';
import { createGroupStore } from '../../../platform/ingest/group-store.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { readImage } from './read-state.ts';
import { reopenStore } from './reopen-store.ts';
import { storeTerminals } from './store-terminals.ts';
import { NOTHING_STORED, readStoredChains, wrongsOf, type Promised, type StoredChains } from './stored-chains.ts';

/** Stored, four to a row; the rest was on its way. */
const STORED = 40;
const GIVEN = 44;

let scratch: string;
let path: string;
let promised: Promised[];
beforeEach(async () => {
  scratch = scratchDirectory('stored-chains-test');
  path = join(scratch, 'platform.sqlite');
  const terminals = (await storeTerminals(3)).slice(0, 2);
  const database = await openDatabase({ sqlitePath: path });
  const store = createGroupStore(database);
  promised = terminals.map(({ terminal, recordsUpTo }) => {
    const { id, incarnation } = terminal;
    return { terminal: id, incarnation, records: recordsUpTo(GIVEN), acknowledged: STORED, given: GIVEN };
  });
  for (let from = 1; from < STORED; from += 4) {
    const group = terminals.map(({ terminal }) => {
      const body = Buffer.from(JSON.stringify(terminal.batch(from, from + 3)));
      return { terminal: terminal.id, stream: 'ledger' as const, body, receivedMs: from };
    });
    const outcomes = await store.store(group);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
  }
  await database.destroy();
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

/** What is said after these statements, of which `:id` is the first terminal. */
function said(...statements: readonly string[]): readonly string[] {
  const db = new Database(path);
  for (const text of statements) db.prepare(text.replaceAll(':id', `'${promised[0]?.terminal}'`)).run();
  db.close();
  return wrongsOf(stored(), promised).map(({ kind, detail }) => `${kind}: ${detail}`);
}

function stored(): StoredChains {
  const found = readImage(path, NOTHING_STORED, readStoredChains);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

/** As it was before the last group of the first terminal. */
function withoutLast(): readonly string[] {
  const [last, head] = [STORED - 4, promised[0]?.records[STORED - 5]?.hash];
  const of = (table: string): string =>
    `DELETE FROM ${table} WHERE terminal_id = :id AND seq > ${last} AND incarnation IS NOT NULL`;
  return [
    `DELETE FROM record_batches WHERE terminal_id = :id AND last_seq > ${last}`,
    `UPDATE heads SET seq = ${last}, hash = '${head}' WHERE terminal_id = :id`,
    ...['payments', 'prints', 'ratings', 'tickets'].map(of),
  ];
}

describe('an image of the store', () => {
  it('that holds what was promised is right, also with what was on its way', async () => {
    expect(said()).toEqual([]);
    expect(await reopenStore(scratch, path, promised)).toEqual([]);
  });

  it('with nothing in it is right as long as nothing was acknowledged', () => {
    const unheard = promised.map((one) => ({ ...one, acknowledged: 0 }));
    expect(wrongsOf(NOTHING_STORED, unheard)).toEqual([]);
    expect(wrongsOf(NOTHING_STORED, promised).map(({ kind }) => kind)).toEqual(['lost', 'lost']);
  });

  it('that is whole but older has lost what was acknowledged', () => {
    const found = said(...withoutLast());
    expect(found).toEqual([`lost: power-1 is at ${STORED - 4}, though ${STORED} was acknowledged`]);
  });

  const BATCHES = 'record_batches WHERE terminal_id = :id';
  const unsound: Readonly<Record<string, readonly [wanted: string, ...statements: string[]]>> = {
    'a row in the middle is missing': ['record 13 follows 8', `DELETE FROM ${BATCHES} AND last_seq = 12`],
    'the first row is missing': ['record 5 follows 0', `DELETE FROM ${BATCHES} AND last_seq = 4`],
    'rows are missing below the head': ['the records end with 36', `DELETE FROM ${BATCHES} AND last_seq = ${STORED}`],
    'the head is missing': ['the head is 0', 'DELETE FROM heads WHERE terminal_id = :id'],
    'the head has another hash': ['has not the hash', "UPDATE heads SET hash = 'x' WHERE terminal_id = :id"],
    'a record was changed': [
      'record 5 is not the one',
      `UPDATE record_batches SET events = replace(events, '"reference":', '"reference" :')
       WHERE terminal_id = :id AND last_seq = 8`,
    ],
    'a row says it goes further': [
      'a row up to 9 ends with 8',
      'UPDATE record_batches SET last_seq = 9 WHERE terminal_id = :id AND last_seq = 8',
    ],
    'somebody unknown is in it': [
      'other ledger never sent',
      `UPDATE heads SET terminal_id = 'other', incarnation = 'other' WHERE terminal_id = :id`,
    ],
    'a payment is not counted': [
      'asked, though',
      'DELETE FROM payments WHERE rowid = (SELECT min(rowid) FROM payments WHERE terminal_id = :id)',
    ],
    'a payment is not settled': [
      'paid, though',
      `UPDATE payments SET state = 'asked' WHERE rowid = (SELECT min(rowid) FROM payments WHERE terminal_id = :id)`,
    ],
    'a print is missing': [
      'printed, though',
      'DELETE FROM prints WHERE terminal_id = :id AND job = (SELECT min(job) FROM prints WHERE terminal_id = :id)',
    ],
    'ratings are missing': ['rated, though', 'DELETE FROM ratings WHERE terminal_id = :id'],
  };
  for (const [name, [wanted, ...statements]] of Object.entries(unsound)) {
    it(`is unsound when ${name}`, () => {
      const found = said(...statements).join('\n');
      expect(found).toContain('unsound');
      expect(found).toContain(wanted);
    });
  }

  it('is unsound when it holds more than was given', () => {
    promised = promised.map((one) => ({ ...one, acknowledged: 30, given: 36 }));
    expect(said().join()).toContain('had sent no more than 36');
  });
});

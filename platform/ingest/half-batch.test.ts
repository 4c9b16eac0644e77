import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { openDatabase } from '../database/open-database.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { batchOf, bodyOf, headOf, paid, printed, rated, recordsOf } from '../test-support/ledger.ts';
import { contentsOf } from '../test-support/contents.ts';
import { createGroupStore } from './group-store.ts';
import { createIngest, type Ingest } from './ingest.ts';

let database: PlatformDatabase;
let ingest: Ingest;
beforeEach(async () => {
  database = await openDatabase({ sqlitePath: ':memory:' });
  ingest = createIngest({ store: createGroupStore(database), clock: new SimulatedClock() });
});
afterEach(() => database.destroy());

const RECORDS = recordsOf([paid('T1'), printed('J1'), rated(5)]);

/** The database fails when this row is written. */
async function breakOn(table: string, condition = sql``): Promise<void> {
  await sql`CREATE TRIGGER fault BEFORE INSERT ON ${sql.table(table)} ${condition}
    BEGIN SELECT RAISE(ABORT, 'disk fault'); END`.execute(database);
}

describe('a fault in the middle of a batch', () => {
  it.each(['record_batches', 'payments', 'ratings', 'heads'])(
    'leaves nothing of it behind, and the same batch goes in later: %s',
    async (table) => {
      const before = await contentsOf(database);
      await breakOn(table);
      await expect(ingest.take('kiosk-1', 'ledger', bodyOf(batchOf(RECORDS)))).rejects.toThrow('disk fault');
      expect(await contentsOf(database)).toEqual(before);
      await sql`DROP TRIGGER fault`.execute(database);
      const answer = await ingest.take('kiosk-1', 'ledger', bodyOf(batchOf(RECORDS)));
      expect(answer).toMatchObject({ kind: 'accepted', reply: { head: headOf(RECORDS) } });
      expect((await contentsOf(database)).records).toHaveLength(3);
    },
  );

  it('takes none of the batches of other terminals in the same commit with it', async () => {
    await breakOn('payments', sql`WHEN NEW.terminal_id = 'kiosk-2'`);
    const taken = await Promise.allSettled(
      ['kiosk-1', 'kiosk-2', 'kiosk-3'].map((terminal) => ingest.take(terminal, 'ledger', bodyOf(batchOf(RECORDS)))),
    );
    expect(taken.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const { heads } = await contentsOf(database);
    expect(heads.map(({ terminal_id, seq }) => [terminal_id, seq])).toEqual([
      ['kiosk-1', 3],
      ['kiosk-3', 3],
    ]);
  });
});

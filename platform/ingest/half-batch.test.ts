import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import type { PlatformContext } from '../context.ts';
import { openDatabase } from '../database/open-database.ts';
import { readSummary } from '../ops/summary.ts';
import { readDefaultSeed, readQueues, readTariff } from '../platform-data.ts';
import { batchOf, headOf, paid, printed, rated, recordsOf } from '../test-support/ledger.ts';
import { ingestBatch } from './ingest-batch.ts';

let context: PlatformContext;
beforeEach(() => {
  context = {
    database: openDatabase(':memory:'),
    clock: new SimulatedClock(),
    tariff: readTariff(),
    queues: readQueues(),
    seed: readDefaultSeed(),
  };
});
afterEach(() => context.database.destroy());

describe('a fault in the middle of a batch', () => {
  it.each(['records', 'ratings', 'heads'])(
    'leaves nothing of it behind, and the same batch goes in later: %s',
    async (table) => {
      const { database } = context;
      const batch = batchOf(recordsOf([paid('T1'), printed('J1'), rated(5)]));
      const condition = table === 'records' ? sql`WHEN NEW.seq = 3` : sql``;
      await sql`CREATE TRIGGER fault BEFORE INSERT ON ${sql.table(table)} ${condition}
      BEGIN SELECT RAISE(ABORT, 'disk fault'); END`.execute(database);
      await expect(ingestBatch(context, 'kiosk-1', batch)).rejects.toThrow('disk fault');
      expect((await readSummary(context, false)).totals).toMatchObject({ records: 0, payments: 0, paidCents: 0 });
      await sql`DROP TRIGGER fault`.execute(database);
      expect(await ingestBatch(context, 'kiosk-1', batch)).toMatchObject({ reply: { head: headOf(batch.records) } });
      expect((await readSummary(context, false)).totals).toMatchObject({ records: 3, paidCents: 960 });
    },
  );
});

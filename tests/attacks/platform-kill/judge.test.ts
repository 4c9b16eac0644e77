/** The judge of `platform:kill` sees what a platform could do wrong; otherwise its silence would mean nothing. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../platform/database/open-database.ts';
import type { PlatformDatabase } from '../../../platform/database/tables.ts';
import { canonicalJson } from '../../../platform/ingest/chain.ts';
import { createGroupStore } from '../../../platform/ingest/group-store.ts';
import { createIngest } from '../../../platform/ingest/ingest.ts';
import { bodyOf } from '../../../platform/test-support/ledger.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { Draw } from '../support/draw.ts';
import { SendingTerminal } from '../support/sending-terminal.ts';
import { judgeDatabase } from './judge.ts';

let database: PlatformDatabase;
let terminal: SendingTerminal;
beforeEach(async () => {
  database = await openDatabase({ sqlitePath: ':memory:' });
  terminal = await SendingTerminal.named('judged-1');
  terminal.serveUntil(30, new Draw(7));
  const ingest = createIngest({ store: createGroupStore(database), clock: new SimulatedClock() });
  // each by itself, so that each stands in a row of its own
  for (const { seq } of terminal.records) {
    const answer = await ingest.take(terminal.id, 'ledger', bodyOf(terminal.batch(seq, seq)));
    if (answer.kind !== 'accepted') throw new Error(answer.kind);
    terminal.acknowledged = answer.reply.head;
  }
});
afterEach(() => database.destroy());

const judged = () => judgeDatabase(database, [terminal], true);

describe('the judge of the platform', () => {
  it('has nothing against one that keeps its promises', async () => {
    expect(await judged()).toEqual([]);
  });

  it('misses an acknowledged record, at the end and in the middle', async () => {
    const last = terminal.records.length;
    const batches = () => database.deleteFrom('record_batches').where('terminal_id', '=', terminal.id);
    await batches().where('last_seq', '=', last).execute();
    await database
      .updateTable('heads')
      .set({ seq: last - 1, hash: terminal.records[last - 2]?.hash ?? '' })
      .where('terminal_id', '=', terminal.id)
      .execute();
    expect((await judged()).join()).toContain('I9');
    await batches().where('last_seq', '=', 9).execute();
    expect((await judged()).join()).toContain('record 10 follows 8');
  });

  it('sees a head that moved without its records', async () => {
    await database.updateTable('heads').set({ seq: 99 }).where('terminal_id', '=', terminal.id).execute();
    expect(await judged()).not.toEqual([]);
  });

  it('sees a record that was changed, and money that was not counted', async () => {
    const first = terminal.records[1];
    await database
      .updateTable('record_batches')
      .set({ events: canonicalJson({ ...first?.event, amountCents: 1 }) })
      .where('terminal_id', '=', terminal.id)
      .where('last_seq', '=', 2)
      .execute();
    expect((await judged()).join()).toContain('chain breaks at record 3');
  });

  it('sees a payment that the tables forgot', async () => {
    await database.deleteFrom('payments').where('terminal_id', '=', terminal.id).execute();
    expect(await judged()).not.toEqual([]);
  });
});

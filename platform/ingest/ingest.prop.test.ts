import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import type { PlatformContext } from '../context.ts';
import { openDatabase } from '../database/open-database.ts';
import { readSummary } from '../ops/summary.ts';
import { readDefaultSeed, readQueues, readTariff } from '../platform-data.ts';
import { batchOf, caseOpened, headOf, paid, printed, rated, recordsOf, type Records } from '../test-support/ledger.ts';
import { ingestBatch } from './ingest-batch.ts';

const LENGTH = 12;
const open: PlatformContext[] = [];
afterEach(async () => {
  for (const context of open.splice(0)) await context.database.destroy();
});

const event: fc.Arbitrary<TerminalEvent> = fc.oneof(
  fc
    .record({
      trade: fc.constantFrom('T1', 'T2', 'T3'),
      state: fc.constantFrom('paid', 'cancelled', 'reversed'),
      amountCents: fc.constantFrom(960, 400),
    })
    .map(({ trade, ...more }) => paid(trade, more)),
  fc
    .tuple(fc.constantFrom('J1', 'J2'), fc.constantFrom('printed', 'notPrinted'))
    .map(([job, state]) => printed(job, state)),
  fc.constantFrom('T1', 'T2').map((trade) => caseOpened('AB12-CD34', trade)),
  fc.integer({ min: 1, max: 5 }).map(rated),
);
const ledger = fc.array(event, { minLength: LENGTH, maxLength: LENGTH });
/** What the line does: any part of the ledger, any number of times, in any order; and parts of another history. */
const sending = fc.record({
  from: fc.integer({ min: 1, max: LENGTH }),
  length: fc.integer({ min: 1, max: LENGTH }),
  forged: fc.boolean(),
});

describe('any resending, reordering, doubling and forging of batches', () => {
  it('leaves the same state as sending everything once in order', async () => {
    await fc.assert(
      fc.asyncProperty(ledger, ledger, fc.array(sending, { maxLength: 25 }), async (events, others, sendings) => {
        const records = recordsOf(events);
        const plain = newPlatform();
        await ingestBatch(plain, 'kiosk-1', batchOf(records));
        const tried = newPlatform();
        // The first record is in, so that another history is another history from its first place on.
        await ingestBatch(tried, 'kiosk-1', batchOf(records, 1, 1));
        const forged = recordsOf([
          { type: 'Rated', at: '1999-01-01T00:00:00.000Z', service: 'x', stars: 1 },
          ...others,
        ]);
        for (const one of sendings) await sendPart(tried, one.forged ? forged : records, one.from, one.length);
        const answer = await ingestBatch(tried, 'kiosk-1', batchOf(records));
        expect(answer).toMatchObject({ kind: 'accepted', reply: { head: headOf(records) } });
        expect(await stateOf(tried)).toEqual(await stateOf(plain));
      }),
      { numRuns: 40 },
    );
  });
});

async function sendPart(context: PlatformContext, records: Records, from: number, length: number): Promise<void> {
  const answer = await ingestBatch(
    context,
    'kiosk-1',
    batchOf(records, from, Math.min(records.length, from + length - 1)),
  );
  if (answer.kind === 'broken') throw new Error('tests make whole batches');
}

function newPlatform(): PlatformContext {
  const context = {
    database: openDatabase(':memory:'),
    clock: new SimulatedClock(),
    tariff: readTariff(),
    queues: readQueues(),
    seed: readDefaultSeed(),
  };
  open.push(context);
  return context;
}

async function stateOf(context: PlatformContext): Promise<unknown> {
  const { totals, quarantine: _forged, ...summary } = await readSummary(context, false);
  return { ...summary, totals: { ...totals, quarantined: 0 } };
}

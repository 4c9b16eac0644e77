import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { openDatabase } from '../database/open-database.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { contentsOf } from '../test-support/contents.ts';
import {
  asked,
  batchOf,
  bodyOf,
  caseOpened,
  headOf,
  paid,
  printed,
  rated,
  recordsOf,
  type Records,
} from '../test-support/ledger.ts';
import { checkChain } from './chain.ts';
import { decide, type Decision } from './decide.ts';
import { emptyDraft, type Draft } from './draft.ts';
import { createGroupStore } from './group-store.ts';
import { createIngest, type Ingest } from './ingest.ts';
import { takeApart } from './stored-records.ts';
import type { Arrival } from './ingest.types.ts';

const LENGTH = 12;
const TERMINALS = ['kiosk-1', 'kiosk-2', 'kiosk-3'] as const;

const event: fc.Arbitrary<TerminalEvent> = fc.oneof(
  fc
    .record({
      trade: fc.constantFrom('T1', 'T2', 'T3'),
      state: fc.constantFrom('paid', 'cancelled', 'reversed'),
      amountCents: fc.constantFrom(960, 400),
    })
    .map(({ trade, ...more }) => paid(trade, more)),
  fc.constantFrom('T1', 'T2', 'T3').map((trade) => asked(trade)),
  fc
    .tuple(fc.constantFrom('J1', 'J2'), fc.constantFrom('printed', 'notPrinted'))
    .map(([job, state]) => printed(job, state)),
  fc.constantFrom('T1', 'T2').map((trade) => caseOpened('AB12-CD34', trade)),
  fc.integer({ min: 1, max: 5 }).map(rated),
);
const ledger = fc.array(event, { minLength: LENGTH, maxLength: LENGTH });
/** What the line does: any part of the ledger, any number of times, in any order; and parts of another history. */
const sending = fc.record({
  terminal: fc.constantFrom(...TERMINALS),
  from: fc.integer({ min: 1, max: LENGTH }),
  length: fc.integer({ min: 1, max: LENGTH }),
  forged: fc.boolean(),
});

interface Part {
  readonly terminal: string;
  readonly from: number;
  readonly length: number;
  readonly forged: boolean;
}

/** The first record of each terminal is in, so that another history is another history from its first place on. */
function sendsOf(records: Records, others: readonly TerminalEvent[], parts: readonly Part[]) {
  const forged = recordsOf([{ type: 'Rated', at: '1999-01-01T00:00:00.000Z', service: 'x', stars: 1 }, ...others]);
  const first = TERMINALS.map((terminal) => ({ terminal, batch: batchOf(records, 1, 1) }));
  const anyhow = parts.map(({ terminal, from, length, forged: isForged }) => ({
    terminal,
    batch: batchOf(isForged ? forged : records, from, Math.min(LENGTH, from + length - 1)),
  }));
  const last = TERMINALS.map((terminal) => ({ terminal, batch: batchOf(records) }));
  return { first, anyhow, last };
}

describe('any splitting, resending, reordering, doubling and forging of batches', () => {
  it('is decided to the same end as everything once and in order', () => {
    fc.assert(
      fc.property(ledger, ledger, fc.array(sending, { maxLength: 40 }), (events, others, parts) => {
        const records = recordsOf(events);
        const { first, anyhow, last } = sendsOf(records, others, parts);
        const plain = emptyDraft();
        for (const { terminal, batch } of last) decide(plain, arrivalOf(terminal, batch));
        const tried = emptyDraft();
        for (const { terminal, batch } of [...first, ...anyhow]) decide(tried, arrivalOf(terminal, batch));
        const ends = last.map(({ terminal, batch }) => decide(tried, arrivalOf(terminal, batch)));
        expect(ends.every((end) => isWhole(end, records))).toBe(true);
        expect(endOf(tried)).toEqual(endOf(plain));
      }),
      { numRuns: 300 },
    );
  });

  it('and leaves the same rows in a database, however they fell into groups', async () => {
    await fc.assert(
      fc.asyncProperty(
        ledger,
        ledger,
        fc.array(sending, { maxLength: 25 }),
        fc.integer({ min: 1, max: 8 }),
        async (events, others, parts, atOnce) => {
          const records = recordsOf(events);
          const { first, anyhow, last } = sendsOf(records, others, parts);
          const plain = await newPlatform();
          await takeAll(plain.ingest, last, 1);
          const tried = await newPlatform();
          await takeAll(tried.ingest, first, atOnce);
          await takeAll(tried.ingest, anyhow, atOnce);
          await takeAll(tried.ingest, last, atOnce);
          const { quarantine: _forged, ...rows } = await contentsOf(tried.database);
          const { quarantine: _none, ...expected } = await contentsOf(plain.database);
          expect(rows).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });
});

type Batch = ReturnType<typeof batchOf>;

function arrivalOf(terminal: string, batch: Batch): Arrival {
  const chain = checkChain(batch);
  if (!chain.ok) throw new Error('tests make whole batches');
  return { terminal, stream: 'ledger', batch, texts: chain.texts, receivedMs: 1_767_571_200_000 };
}

function isWhole(end: Decision, records: Records): boolean {
  return end.kind === 'accepted' && end.head.hash === headOf(records).hash;
}

/** What would stand in the tables; forged batches are allowed to be in quarantine. */
function endOf(draft: Draft): unknown {
  const { quarantine: _forged, places: _known, batches, ratings, ...tables } = draft;
  const changed = Object.entries(tables).map(([name, table]) => [name, 'changed' in table ? table.changed() : table]);
  const order = <One extends { terminal_id: string; seq: number }>(rows: readonly One[]) =>
    rows.toSorted((a, b) => a.terminal_id.localeCompare(b.terminal_id) || a.seq - b.seq);
  const sorted = changed.map(([name, rows]) => [name, (rows as object[]).map((row) => JSON.stringify(row)).toSorted()]);
  const records = batches.flatMap((row) => takeApart(row).map((one) => ({ terminal_id: row.terminal_id, ...one })));
  return { sorted, records: order(records), ratings: order(ratings) };
}

const open: PlatformDatabase[] = [];
afterEach(async () => {
  for (const database of open.splice(0)) await database.destroy();
});

async function newPlatform(): Promise<{ database: PlatformDatabase; ingest: Ingest }> {
  const database = await openDatabase({ sqlitePath: ':memory:' });
  open.push(database);
  return { database, ingest: createIngest({ store: createGroupStore(database), clock: new SimulatedClock() }) };
}

async function takeAll(
  ingest: Ingest,
  sends: readonly { readonly terminal: string; readonly batch: Batch }[],
  atOnce: number,
): Promise<void> {
  for (let from = 0; from < sends.length; from += atOnce)
    await Promise.all(
      sends.slice(from, from + atOnce).map(({ terminal, batch }) => ingest.take(terminal, 'ledger', bodyOf(batch))),
    );
}

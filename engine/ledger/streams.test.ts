import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Stream, StreamEvent, StreamRecord } from '../../contract/terminal-event.schema.ts';
import { METRICS_WAITING, type Ledger } from './ledger.ts';
import { recordHash, ZERO_HASH } from './record-hash.ts';
import { TestLedgers } from './test-support/test-ledger.ts';

const AT = '2026-01-05T00:00:00.000Z';
const EVENTS: Readonly<Record<Stream, StreamEvent>> = {
  ledger: { type: 'Rated', at: AT, service: 'parking', stars: 5 },
  audit: { type: 'Audit', at: AT, actor: 'engine', action: 'booted' },
  metrics: { type: 'Metric', at: AT, name: 'disk.free', value: 1.5 },
};
const STREAMS = ['ledger', 'audit', 'metrics'] as const;

let ledgers: TestLedgers;
beforeEach(() => {
  ledgers = new TestLedgers();
});
afterEach(() => ledgers.dispose());

function expectWholeChain(records: readonly StreamRecord[], from = ZERO_HASH, firstSeq = 1): void {
  let hash = from;
  for (const [index, record] of records.entries()) {
    hash = recordHash(hash, record.event);
    expect(record).toMatchObject({ seq: firstSeq + index, hash });
  }
}

describe('a record', () => {
  it('is stamped in its commit with boot, monotonic time and what is known of the platform’s time', () => {
    const platform: { time?: { offsetMs: number; errorMs: number } } = {};
    const ledger = ledgers.open({ bootId: 'b1', timeOf: () => platform.time });
    ledgers.clock.advance(1_234);
    ledger.record([EVENTS.ledger]);
    platform.time = { offsetMs: -250, errorMs: 40 };
    ledger.append('op', { step: 'ticket.issued', queue: 'q', day: '2026-01-05', offline: true }, [
      { type: 'TicketIssued', at: AT, operation: 'op', queue: 'q', number: '', offline: true, block: 'none' },
    ]);
    expect(ledger.outbox.pending(9).records.map(({ event }) => event.stamp)).toEqual([
      { boot: 'b1', monoMs: 1_234 },
      { boot: 'b1', monoMs: 1_234, offsetMs: -250, errorMs: 40 },
    ]);
  });
});

describe('the three streams of one table', () => {
  it('each have their own numbers, chain and head', () => {
    const ledger = ledgers.open();
    ledger.record([EVENTS.ledger]);
    ledger.record([EVENTS.audit, EVENTS.audit], 'audit');
    ledger.record([EVENTS.metrics], 'metrics');
    ledger.record([EVENTS.ledger]);
    for (const [stream, count] of [
      ['ledger', 2],
      ['audit', 2],
      ['metrics', 1],
    ] as const) {
      const { prevHash, records } = ledger.outbox.pending(9, stream);
      expect([prevHash, records.length]).toEqual([ZERO_HASH, count]);
      expectWholeChain(records);
    }
    const audit = ledger.outbox.pending(1, 'audit').records[0];
    ledger.outbox.acknowledge({ seq: 1, hash: audit?.hash ?? '' }, 'audit');
    expect(STREAMS.map((stream) => ledger.outbox.unacknowledged(stream))).toEqual([2, 1, 1]);
    expect(ledger.outbox.oldestUnacknowledgedAt('audit')).toBe(ledgers.clock.wallMs());
    expect(ledger.outbox.acknowledge({ seq: 1, hash: audit?.hash ?? '' }), 'a head of another stream').toMatchObject({
      problem: { code: 'platform.fork' },
    });
  });

  it('do not let metrics pile up: beyond so many unsent ones, new ones are dropped', () => {
    const ledger = ledgers.open();
    const many = Array.from({ length: METRICS_WAITING }, () => EVENTS.metrics);
    ledger.record(many, 'metrics');
    expect(ledger.record([EVENTS.metrics], 'metrics').ok).toBe(true);
    expect(ledger.outbox.unacknowledged('metrics')).toBe(METRICS_WAITING);
    const last = ledger.outbox.pending(METRICS_WAITING, 'metrics').records.at(-1);
    ledger.outbox.acknowledge({ seq: METRICS_WAITING, hash: last?.hash ?? '' }, 'metrics');
    ledger.record([EVENTS.metrics], 'metrics');
    expect(ledger.outbox.pending(9, 'metrics').records.map(({ seq }) => seq)).toEqual([METRICS_WAITING + 1]);
  });

  const row = fc.record({ stream: fc.constantFrom(...STREAMS), count: fc.integer({ min: 1, max: 4 }) });
  const look = fc.record({ stream: fc.constantFrom(...STREAMS), limit: fc.integer({ min: 1, max: 9 }) });

  it('are read back as written in pieces of any size, wherever the platform stands, across restarts', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), fc.array(look, { maxLength: 20 }), (rows, looks) => {
        const own = new TestLedgers();
        let ledger = own.open();
        const written: Record<Stream, StreamRecord[]> = { ledger: [], audit: [], metrics: [] };
        for (const { stream, count } of rows) {
          ledger.record(
            Array.from({ length: count }, () => EVENTS[stream]),
            stream,
          );
          written[stream].push(...ledger.outbox.pending(1_000, stream).records.slice(written[stream].length));
        }
        for (const stream of STREAMS) expectWholeChain(written[stream]);
        const heads: Record<Stream, number> = { ledger: 0, audit: 0, metrics: 0 };
        for (const { stream, limit } of looks) {
          const { prevHash, records } = ledger.outbox.pending(limit, stream);
          const from = heads[stream];
          expect(records).toEqual(written[stream].slice(from, from + limit));
          expect(prevHash).toBe(written[stream][from - 1]?.hash ?? ZERO_HASH);
          heads[stream] = Math.min(from + limit, written[stream].length) >> (limit % 3 === 0 ? 1 : 0);
          const hash = written[stream][heads[stream] - 1]?.hash ?? ZERO_HASH;
          expect(ledger.outbox.acknowledge({ seq: heads[stream], hash }, stream).ok).toBe(true);
          if (limit % 4 === 0) {
            ledger.close();
            ledger = own.open();
          }
        }
        own.dispose();
      }),
      { numRuns: 60 },
    );
  });
});

describe('the walk over the whole chain', () => {
  function damage(sql: string): void {
    const db = new Database(ledgers.path());
    db.exec(sql);
    db.close();
  }

  function withManyRows(): Ledger {
    const ledger = ledgers.open();
    for (let n = 0; n < 1_100; n++) ledger.record([EVENTS.ledger]);
    ledger.close();
    return ledger;
  }

  it('finds what a start does not look at', async () => {
    withManyRows();
    damage(`UPDATE journal SET events = replace(events, '"stars":5', '"stars":4') WHERE seq = 20`);
    const walked = await ledgers.clock.runUntil(ledgers.open().checkWholeChain());
    expect(walked).toEqual({ ok: false, problem: { code: 'ledger.corrupt', detail: 'journal row 20' } });
  });

  it('goes on over rows that are forgotten and written meanwhile', async () => {
    withManyRows();
    const ledger = ledgers.open();
    const head = ledger.outbox.head().written;
    ledger.outbox.acknowledge(head);
    ledgers.clock.advance(31 * 86_400_000);
    const walking = ledger.checkWholeChain();
    expect(ledger.prune()).toMatchObject({ value: 500 });
    ledger.record([EVENTS.audit], 'audit');
    expect(await ledgers.clock.runUntil(walking)).toEqual({ ok: true, value: undefined });
  });
});

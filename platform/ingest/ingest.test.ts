import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../contract/terminal-event.schema.ts';
import {
  AT,
  batchOf,
  caseOpened,
  headOf,
  paid,
  printed,
  rated,
  recordsOf,
  ticket,
  ZERO_HASH,
} from '../test-support/ledger.ts';
import { startTestPlatform, type TestPlatform } from '../test-support/running-platform.ts';
import { canonicalJson, chainHash } from './chain.ts';

const GOLDEN = '55236a696a4b54b1bd2730ca9e5edaead4b8e40113b54c18e0b98c8975601b0e';

let platform: TestPlatform;
beforeEach(async () => {
  platform = await startTestPlatform();
});
afterEach(() => platform.close());

const EVENTS = [paid('T1'), printed('J1'), caseOpened('AB12-CD34', 'T2'), rated(5), paid('T3', { amountCents: 400 })];

describe('hash chain', () => {
  it('gives the hash that was worked out by other means for a known event', () => {
    const event = { type: 'TicketIssued', at: AT, operation: 'T1', queue: 'civil-affairs', number: 'A001' };
    expect(chainHash(ZERO_HASH, canonicalJson({ ...event, offline: true, block: '等候' }))).toBe(GOLDEN);
  });

  it('does not depend on the order of keys, at any depth', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });
});

describe('taking a batch in', () => {
  it('stores each record once when the same batch comes again', async () => {
    const batch = batchOf(recordsOf(EVENTS));
    const first = await platform.sendBatch('kiosk-1', batch);
    const again = await platform.sendBatch('kiosk-1', batch);
    expect(first).toMatchObject({ status: 200, body: { head: headOf(batch.records), parked: [] } });
    expect(again).toEqual(first);
    expect((await platform.summary()).totals).toMatchObject({ records: 5, payments: 2, paidCents: 1360, openCases: 1 });
  });

  it('takes only what is new of a batch that overlaps', async () => {
    const records = recordsOf(EVENTS);
    await platform.sendBatch('kiosk-1', batchOf(records, 1, 3));
    const answer = await platform.sendBatch('kiosk-1', batchOf(records, 2, 5));
    expect(answer).toMatchObject({ status: 200, body: { head: headOf(records) } });
    expect((await platform.summary()).totals.records).toBe(5);
  });

  it('answers a gap with where it stands and stores nothing of it', async () => {
    const records = recordsOf(EVENTS);
    await platform.sendBatch('kiosk-1', batchOf(records, 1, 2));
    const answer = await platform.sendBatch('kiosk-1', batchOf(records, 4, 5));
    expect(answer).toMatchObject({ status: 409, body: { head: headOf(records, 2), parked: [], refused: 'gap' } });
    expect((await platform.summary()).totals).toMatchObject({ records: 2, quarantined: 0 });
  });

  it('sets a second history aside once, and keeps the first', async () => {
    const records = recordsOf(EVENTS);
    await platform.sendBatch('kiosk-1', batchOf(records));
    const other = recordsOf([paid('T1'), printed('J9'), rated(1), rated(1), rated(1), rated(1)]);
    for (let time = 0; time < 2; time++) {
      const answer = await platform.sendBatch('kiosk-1', batchOf(other));
      expect(answer).toMatchObject({ status: 409, body: { head: headOf(records), parked: [], refused: 'fork' } });
    }
    const summary = await platform.summary();
    expect(summary.totals.records).toBe(5);
    expect(summary.quarantine).toMatchObject([{ terminal: 'kiosk-1', seq: 2, hash: other[1]?.hash }]);
  });

  it('sees a fork that shows only in the hash before the first record', async () => {
    const records = recordsOf(EVENTS);
    await platform.sendBatch('kiosk-1', batchOf(records, 1, 4));
    const other = recordsOf([rated(1), rated(1), rated(1), rated(1), rated(2)]);
    const answer = await platform.sendBatch('kiosk-1', batchOf(other, 5, 5));
    expect(answer).toMatchObject({ status: 409, body: { head: headOf(records, 4) } });
    expect((await platform.summary()).totals).toMatchObject({ records: 4, quarantined: 1 });
  });

  it('lets a terminal whose database was made anew go on under a new incarnation, without counting money twice', async () => {
    await platform.sendBatch('kiosk-1', batchOf(recordsOf(EVENTS)));
    const answer = await platform.sendBatch('kiosk-1', batchOf(recordsOf([paid('T1'), rated(4)]), 1, 2, 'inc-2'));
    expect(answer.status).toBe(200);
    expect((await platform.summary()).totals).toMatchObject({ records: 7, payments: 2, paidCents: 1360 });
  });

  it('refuses a batch whose hashes are not those of its events', async () => {
    const batch = batchOf(recordsOf(EVENTS));
    const records = batch.records.map((record, index) => (index === 4 ? { ...record, event: paid('T9') } : record));
    const answer = await platform.sendBatch('kiosk-1', { ...batch, records });
    expect(answer).toMatchObject({ status: 422, body: { code: 'batch.broken' } });
    expect((await platform.summary()).totals.records).toBe(0);
  });

  it('refuses a batch that is not of the contract', async () => {
    const batch = batchOf(recordsOf([rated(3)]));
    for (const wrong of [{ ...batch, more: 1 }, { ...batch, records: [] }, [], null, 'x']) {
      expect(await platform.sendBatch('kiosk-1', wrong)).toMatchObject({ status: 422 });
    }
    expect((await platform.summary()).totals.records).toBe(0);
  });
});

describe('a record that makes no sense to the business', () => {
  it('is parked with its reason, tells it again when sent again, and does not block the next', async () => {
    const batch = batchOf(recordsOf([paid('T1'), paid('T1', { amountCents: 1 }), rated(5)]));
    for (let time = 0; time < 2; time++) {
      const answer = await platform.sendBatch('kiosk-1', batch);
      const parked = [{ seq: 2, reason: 'charge.amountChanged' }];
      expect(answer).toMatchObject({ status: 200, body: { head: headOf(batch.records), parked } });
    }
    expect((await platform.summary()).totals).toMatchObject({ records: 3, parked: 1, paidCents: 960 });
  });

  it.each([
    ['a number outside the leased block', ticket('O1', 'A051'), 'ticket.notFromItsBlock'],
    ['a number of another letter', ticket('O1', 'B001'), 'ticket.notFromItsBlock'],
    ['a block that was never leased', ticket('O1', 'A001', { block: 'made-up' }), 'ticket.notFromItsBlock'],
    ['a payment for an unknown quote', paid('T1', { quote: 'none' }), 'charge.quoteNotKnown'],
  ])('%s', async (_name, event, reason) => {
    await platform.post('kiosk-1', 'ticket-blocks', { queue: 'civil-affairs', size: 50, idempotencyKey: 'k' });
    const answer = await platform.sendBatch('kiosk-1', batchOf(recordsOf([event])));
    expect(answer.body).toMatchObject({ parked: [{ seq: 1, reason }] });
  });

  it('parks a job that is told again as another slip, and takes the same one', async () => {
    const slip = printed('J1');
    const events = [slip, slip, { ...slip, copy: 1 }, { ...slip, operation: 'op-2' }, { ...slip, template: 'ticket' }];
    const answer = await platform.sendBatch('kiosk-1', batchOf(recordsOf(events as StreamEvent[])));
    const reason = 'print.settledOtherwise';
    expect(answer.body).toMatchObject({ parked: [3, 4, 5].map((seq) => ({ seq, reason })) });
  });

  it('parks what contradicts: a number twice, a job settled otherwise, a code of another case, a reversal undone', async () => {
    await platform.post('kiosk-1', 'ticket-blocks', { queue: 'civil-affairs', size: 50, idempotencyKey: 'k' });
    const events = [
      ticket('O1', 'A001'),
      ticket('O2', 'A001'),
      printed('J1'),
      printed('J1', 'notPrinted'),
      caseOpened('AB12-CD34', 'T1'),
      caseOpened('AB12-CD34', 'T2'),
      paid('T3', { state: 'reversed' }),
      paid('T3'),
    ];
    const answer = await platform.sendBatch('kiosk-1', batchOf(recordsOf(events)));
    expect(answer.body).toMatchObject({
      parked: [
        { seq: 2, reason: 'ticket.numberGivenTwice' },
        { seq: 4, reason: 'print.settledOtherwise' },
        { seq: 6, reason: 'case.codeUsedTwice' },
        { seq: 8, reason: 'charge.paidAfter-reversed' },
      ],
    });
    expect((await platform.summary()).totals).toMatchObject({ tickets: 1, paidCents: 0 });
  });
});

describe('what becomes of a charge', () => {
  it('flips the case of an unknown charge when the late answer arrives', async () => {
    const records = recordsOf([caseOpened('AB12-CD34', 'T1'), paid('T1')]);
    await platform.sendBatch('kiosk-1', batchOf(records, 1, 1));
    expect((await platform.summary()).cases).toMatchObject([{ code: 'AB12-CD34', state: 'open' }]);
    await platform.sendBatch('kiosk-1', batchOf(records, 2, 2));
    expect((await platform.summary()).cases).toMatchObject([{ code: 'AB12-CD34', state: 'paid' }]);
  });

  it('keeps a slip without a number, which the desk must honour', async () => {
    await platform.sendBatch('kiosk-1', batchOf(recordsOf([ticket('O1', '', { block: 'none' })])));
    expect((await platform.summary()).tickets).toMatchObject([{ number: null, day: '2026-01-05', offline: 1 }]);
  });
});

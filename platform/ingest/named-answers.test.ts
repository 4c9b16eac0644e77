import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BatchReply } from '../../contract/platform-api.schema.ts';
import type { AuditEvent, MetricEvent, StreamEvent } from '../../contract/terminal-event.schema.ts';
import {
  asked,
  AT,
  batchOf,
  caseOpened,
  headOf,
  paid,
  printed,
  rated,
  recordsOf,
  ticket,
} from '../test-support/ledger.ts';
import { startTestPlatform, type Answer, type TestPlatform } from '../test-support/running-platform.ts';

let platform: TestPlatform;
beforeEach(async () => {
  platform = await startTestPlatform();
});
afterEach(() => platform.close());

function tell(events: readonly StreamEvent[], stream = 'ledger', terminal: 'kiosk-1' | 'kiosk-2' = 'kiosk-1') {
  return platform.post(terminal, `streams/${stream}/batches`, batchOf(recordsOf(events)));
}

const bodyOf = (answer: Answer) => answer.body as BatchReply;
const audit = (action: AuditEvent['action'] = 'booted'): AuditEvent => ({
  type: 'Audit',
  at: AT,
  actor: 'engine',
  action,
});
const metric = (value: number, name = 'queue.age'): MetricEvent => ({ type: 'Metric', at: AT, name, value });

describe('the three streams of a terminal', () => {
  it('each have a chain of their own', async () => {
    expect(await tell([paid('T1'), rated(3)])).toMatchObject({ status: 200, body: { head: { seq: 2 } } });
    expect(await tell([audit()], 'audit')).toMatchObject({ status: 200, body: { head: { seq: 1 } } });
    expect(await tell([metric(1), metric(2)], 'metrics')).toMatchObject({ status: 200, body: { head: { seq: 2 } } });
    expect((await platform.summary()).totals).toMatchObject({ records: 3, parked: 0, paidCents: 960 });
  });

  it('park what belongs to another of them, and mean nothing by it', async () => {
    expect(bodyOf(await tell([paid('T1')], 'audit')).parked).toEqual([{ seq: 1, reason: 'record.ofAnotherStream' }]);
    expect(bodyOf(await tell([audit()])).parked).toEqual([{ seq: 1, reason: 'record.ofAnotherStream' }]);
    expect((await platform.summary()).totals).toMatchObject({ paidCents: 0, parked: 2 });
  });

  it('are three: there is no other', async () => {
    expect(await tell([rated(1)], 'gossip')).toMatchObject({ status: 404, body: { code: 'stream.unknown' } });
  });

  it('may lose metrics on the way, and go on', async () => {
    const records = recordsOf([1, 2, 3, 4, 5].map((value) => metric(value)));
    const send = (from: number, to: number) =>
      platform.post('kiosk-1', 'streams/metrics/batches', batchOf(records, from, to));
    await send(1, 2);
    expect(await send(4, 5)).toMatchObject({ status: 200, body: { head: headOf(records) } });
    expect(await send(1, 3)).toMatchObject({ status: 200, body: { head: headOf(records) } });
  });
});

describe('money in doubt', () => {
  it('is told with the asking and over with the end', async () => {
    const records = recordsOf([asked('T1'), paid('T1')]);
    await platform.sendBatch('kiosk-1', batchOf(records, 1, 1));
    expect((await platform.summary()).totals).toMatchObject({ moneyInDoubt: 1, payments: 0, paidCents: 0 });
    await platform.sendBatch('kiosk-1', batchOf(records));
    expect((await platform.summary()).totals).toMatchObject({ moneyInDoubt: 0, payments: 1, paidCents: 960 });
  });

  it('does not come back when a restored terminal tells the asking again after the end', async () => {
    await tell([asked('T1'), paid('T1')]);
    const answer = await platform.sendBatch('kiosk-1', batchOf(recordsOf([asked('T1')]), 1, 1, 'inc-2'));
    expect(bodyOf(answer).parked).toEqual([]);
    expect((await platform.summary()).totals).toMatchObject({ moneyInDoubt: 0, paidCents: 960 });
  });

  it('is of one amount', async () => {
    const answer = await tell([asked('T1'), paid('T1', { amountCents: 1 })]);
    expect(bodyOf(answer).parked).toEqual([{ seq: 2, reason: 'charge.amountChanged' }]);
    expect((await platform.summary()).totals).toMatchObject({ moneyInDoubt: 1, paidCents: 0 });
  });
});

describe('a case', () => {
  const closed = (outcome: 'delivered' | 'reversed' | 'cancelled') =>
    ({ type: 'CaseClosed', at: AT, operation: 'op-T1', code: 'AB12-CD34', outcome, by: 'wang' }) as const;

  it('is closed once by staff at the machine, and a late answer that contradicts them is shown', async () => {
    const answer = await tell([
      caseOpened('AB12-CD34', 'T1'),
      closed('cancelled'),
      closed('cancelled'),
      closed('delivered'),
      paid('T1'),
    ]);
    expect(bodyOf(answer).parked).toEqual([
      { seq: 4, reason: 'case.closedOtherwise' },
      { seq: 5, reason: 'charge.paidAfterCase-cancelled' },
    ]);
    expect((await platform.summary()).cases).toMatchObject([{ code: 'AB12-CD34', state: 'cancelled' }]);
  });

  it('that nobody opened cannot be closed', async () => {
    expect(bodyOf(await tell([closed('delivered')])).parked).toEqual([{ seq: 1, reason: 'case.notKnown' }]);
  });
});

describe('doors, cards and forms', () => {
  const act = (state: 'done' | 'notDone') =>
    ({
      type: 'ActSettled',
      at: AT,
      operation: 'op-1',
      job: 'D1',
      act: 'unlock',
      target: '7',
      state,
      evidence: 'seen',
    }) as const;
  const form = (personal: string) =>
    ({ type: 'FormSubmitted', at: AT, operation: 'F1', service: 's', form: 'f', formVersion: '1', personal }) as const;

  it('are settled once; what contradicts is parked', async () => {
    const answer = await tell([act('done'), act('done'), act('notDone'), form('a'.repeat(64)), form('b'.repeat(64))]);
    expect(bodyOf(answer).parked).toEqual([
      { seq: 3, reason: 'act.settledOtherwise' },
      { seq: 5, reason: 'form.submittedTwice' },
    ]);
  });

  it('travel with their contents sealed, which are not part of the chain', async () => {
    const [record] = recordsOf([form('a'.repeat(64))]);
    const batch = { ...batchOf(recordsOf([form('a'.repeat(64))])), records: [{ ...record, sealed: 'c2VhbGVk' }] };
    expect(await platform.sendBatch('kiosk-1', batch)).toMatchObject({ status: 200, body: { parked: [] } });
    expect(await platform.sendBatch('kiosk-1', batch)).toMatchObject({ status: 200, body: { parked: [] } });
  });
});

describe('a clock that is not to be believed', () => {
  it.each([
    ['1970', '1970-01-01T00:00:03.000Z'],
    ['tomorrow', '2026-01-06T00:00:00.000Z'],
    ['no time at all', '2026-99-99T99:99:99.999Z'],
  ])('of %s loses no record and orders nothing', async (_name, at) => {
    const events = [paid('T1', { at }), ticket('O1', '', { at }), rated(5), paid('T2')];
    const answer = await tell(events);
    expect(answer).toMatchObject({
      status: 200,
      body: { head: { seq: 4 }, parked: [], nowMs: platform.clock.wallMs() },
    });
    const { totals, payments } = await platform.summary();
    expect(totals).toMatchObject({ records: 4, payments: 2 });
    expect(payments.map(({ trade, settled_at }) => [trade, settled_at])).toEqual([
      ['T1', at],
      ['T2', AT],
    ]);
  });
});

describe('a record that no database of text can hold', () => {
  it.each([
    ['the character U+0000', { service: 'a\u0000b' }],
    ['half a surrogate pair', { service: 'a\ud800b' }],
    ['a key that holds U+0000', { trade: 'T\u0000', quote: 'q\u0000' }],
  ])('with %s is kept as it was hashed, parked, and blocks nothing', async (_name, more) => {
    const answer = await tell([paid('T1', more), paid('T2')]);
    expect(answer).toMatchObject({ status: 200, body: { parked: [{ seq: 1, reason: 'record.unwritable' }] } });
    expect((await platform.summary()).totals).toMatchObject({ records: 2, payments: 1 });
  });

  it('is refused as the name of a database', async () => {
    const batch = batchOf(recordsOf([rated(1)]), 1, 1, 'inc\u0000');
    expect(await platform.sendBatch('kiosk-1', batch)).toMatchObject({ status: 422, body: { code: 'batch.broken' } });
  });
});

describe('what is too much at once', () => {
  it('is refused above 500 records, and above two megabytes', async () => {
    const many = recordsOf(Array.from({ length: 501 }, () => rated(5)));
    expect(await platform.sendBatch('kiosk-1', batchOf(many))).toMatchObject({ status: 422 });
    const large = recordsOf(Array.from({ length: 40 }, () => rated(5))).map((record) => ({
      ...record,
      sealed: 'A'.repeat(60_000),
    }));
    expect(await platform.sendBatch('kiosk-1', batchOf(large))).toMatchObject({
      status: 413,
      body: { code: 'tooLarge' },
    });
    expect((await platform.summary()).totals.records).toBe(0);
  });
});

describe('out of order', () => {
  it('is a gap, and nothing of it is kept', async () => {
    const records = recordsOf([rated(1), rated(2), rated(3)]);
    expect(await platform.sendBatch('kiosk-1', batchOf(records, 3, 3))).toMatchObject({
      status: 409,
      body: { refused: 'gap', head: { seq: 0 } },
    });
    const skipping = { ...batchOf(records), records: [records[0], records[2]] };
    expect(await platform.sendBatch('kiosk-1', skipping)).toMatchObject({
      status: 422,
      body: { code: 'batch.broken' },
    });
    expect((await platform.summary()).totals).toMatchObject({ records: 0, quarantined: 0 });
  });
});

describe('another disk', () => {
  const records = recordsOf([paid('T1'), printed('J1'), rated(5)]);
  const predecessor = (seq: number, incarnation = 'inc-1') => ({ incarnation, head: headOf(records, seq) });

  it('that was cloned forks, and the machine that was first goes on', async () => {
    await platform.sendBatch('kiosk-1', batchOf(records, 1, 2));
    const clone = recordsOf([paid('T1'), printed('J1'), rated(1), rated(1)]);
    expect(await platform.sendBatch('kiosk-1', batchOf(clone, 3, 3))).toMatchObject({ status: 200 });
    expect(await platform.sendBatch('kiosk-1', batchOf(records, 3, 3))).toMatchObject({
      status: 409,
      body: { refused: 'fork', head: headOf(clone, 3) },
    });
    expect(await platform.sendBatch('kiosk-1', batchOf(clone, 4, 4))).toMatchObject({ status: 200 });
  });

  it('that was restored goes on under a new name that says where it comes from', async () => {
    await platform.sendBatch('kiosk-1', batchOf(records));
    const anew = { ...batchOf(recordsOf([paid('T2')]), 1, 1, 'inc-2'), predecessor: predecessor(2) };
    expect(await platform.sendBatch('kiosk-1', anew)).toMatchObject({ status: 200, body: { head: { seq: 1 } } });
    expect((await platform.summary()).totals).toMatchObject({ records: 4, paidCents: 1920 });
  });

  it('of the platform, from yesterday, is told by an older head, and everything comes again', async () => {
    await platform.sendBatch('kiosk-1', batchOf(records, 1, 1));
    expect(await platform.sendBatch('kiosk-1', batchOf(records, 3, 3))).toMatchObject({
      status: 409,
      body: { refused: 'gap', head: headOf(records, 1) },
    });
    expect(await platform.sendBatch('kiosk-1', batchOf(records, 2, 3))).toMatchObject({
      status: 200,
      body: { head: headOf(records) },
    });
  });
});

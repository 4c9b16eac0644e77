import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { drawCaseCode } from './case-code.ts';
import { createEffects, type Effects } from './effects.ts';
import type { Ledger } from './ledger.ts';
import { FakeDevices, type Faults } from './test-support/fake-devices.ts';
import { eventNames, eventsOf, RECEIPT, seededChance, TestLedgers } from './test-support/test-ledger.ts';

const CODE = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;
const PARKING = { txn: 'op', service: 'parking', amountCents: 960, quote: 'q-1' } as const;
const SLIP = { txn: 'op', template: 'parking', receipt: RECEIPT };

let ledgers: TestLedgers;
let ledger: Ledger;
let clock: SimulatedClock;
let devices: FakeDevices;
let effects: Effects;
const { signal } = new AbortController();

function begin(faults: Partial<Faults> = {}): void {
  ledger = ledgers.open();
  devices = new FakeDevices(faults);
  effects = createEffects({ ledger, devices, clock, chance: seededChance(3) });
}

beforeEach(() => {
  ledgers = new TestLedgers();
  clock = ledgers.clock;
});
afterEach(() => {
  expect(clock.pendingTimers, 'no timer is left behind').toBe(0);
  ledgers.dispose();
});

describe('a charge', () => {
  it('that is approved is paid, told to the platform with its quote, and asked for once', async () => {
    begin();
    const paid = await effects.charge(PARKING, signal);
    expect(paid).toMatchObject({ kind: 'paid', voucher: '000123', reference: '083015000123' });
    expect(eventsOf(ledger)).toMatchObject([
      { type: 'ChargeAsked', operation: 'op', amountCents: 960 },
      { type: 'ChargeSettled', state: 'paid', operation: 'op', amountCents: 960, quote: 'q-1', voucher: '000123' },
    ]);
    expect(devices.commands).toEqual(['sale']);
  });

  it('that is declined or refused costs nothing', async () => {
    begin({ sale: 'decline' });
    const declined = await effects.charge(PARKING, signal);
    expect(declined).toMatchObject({ kind: 'declined', problem: { code: 'payment.declined', detail: 'code 51' } });
    devices.faults.sale = 'refused';
    const refused = await effects.charge({ ...PARKING, txn: 'op-2' }, signal);
    expect(refused).toMatchObject({ kind: 'notCharged', problem: { code: 'device.refused' } });
    expect(eventNames(ledger)).toEqual([
      ...['ChargeAsked', 'ChargeSettled.cancelled'],
      ...['ChargeAsked', 'ChargeSettled.cancelled'],
    ]);
    expect(ledger.openTxns()).toEqual([]);
  });

  it('whose session ended before the intent is never begun', async () => {
    begin();
    const result = await effects.charge(PARKING, AbortSignal.abort());
    expect(result).toMatchObject({ kind: 'notCharged', problem: { code: 'kiosk.cancelled' } });
    expect(devices.commands).toEqual([]);
    expect(ledger.txn('op').state).toBe('created');
  });

  it('whose answer is lost is asked for by the same trade, never sold again', async () => {
    begin({ sale: 'replyLost', queryFails: 2 });
    const result = await clock.runUntil(effects.charge(PARKING, signal));
    expect(result.kind).toBe('paid');
    expect(devices.commands).toEqual(['sale', 'query', 'query', 'query']);
    expect(clock.now()).toBe(8_000);
  });

  it('that the terminal has never seen is cancelled', async () => {
    begin({ sale: 'requestLost' });
    expect((await clock.runUntil(effects.charge(PARKING, signal))).kind).toBe('notCharged');
    expect(ledger.txn('op').state).toBe('cancelled');
  });

  it('still unknown after questions at 2, 4, 8, 16, 32, 48 and 60 s becomes a case with a code', async () => {
    begin({ sale: 'replyLost', queryFails: 99 });
    const askedAt: number[] = [];
    const { execute } = devices;
    devices.execute = (deviceClass, command, limits) => {
      if (command.kind === 'query') askedAt.push(clock.now() / 1000);
      return execute(deviceClass, command, limits);
    };
    const result = await clock.runUntil(effects.charge(PARKING, signal));
    expect(askedAt).toEqual([2, 4, 8, 16, 32, 48, 60]);
    expect(result).toMatchObject({
      kind: 'case',
      code: expect.stringMatching(CODE),
      problem: { code: 'payment.unknown' },
    });
    expect(eventsOf(ledger).slice(1)).toMatchObject([
      { type: 'CaseOpened', reason: 'charge.unknown', amountCents: 960 },
    ]);
  });

  it('approved late turns the case to paid, with the quote, and keeps its code; declined late closes it', async () => {
    for (const [sale, state, event] of [
      ['replyLost', 'charged', 'ChargeSettled.paid'],
      ['declineReplyLost', 'cancelled', 'ChargeSettled.cancelled'],
    ] as const) {
      ledgers.dispose();
      ledgers = new TestLedgers(clock);
      begin({ sale, queryFails: 8 });
      const first = await clock.runUntil(effects.charge(PARKING, signal));
      await clock.runUntil(effects.lateCharge('op', signal));
      expect(ledger.txn('op')).toMatchObject({ state, case: { code: first.kind === 'case' && first.code } });
      expect(eventNames(ledger)).toEqual(['ChargeAsked', 'CaseOpened', event]);
      expect(devices.count('sale')).toBe(1);
      expect(ledger.openTxns()).toEqual([]);
    }
  });

  it('asked about late leaves the case open when it is stopped', async () => {
    begin({ sale: 'replyLost', queryFails: 99 });
    await clock.runUntil(effects.charge(PARKING, signal));
    const stop = new AbortController();
    const late = effects.lateCharge('op', stop.signal);
    await clock.run(100_000);
    stop.abort();
    expect(await late).toMatchObject({ kind: 'case', code: ledger.txn('op').case?.code });
  });

  it('is not begun when the intent cannot be written, and hands out a code when the result cannot', async () => {
    begin();
    ledger.close();
    ledger = ledgers.open();
    const cannotWrite = { ok: false, problem: { code: 'ledger.full' } } as const;
    const broken = (from: string): Ledger => ({
      ...ledger,
      append: (txn, entry, events) => (entry.step === from ? cannotWrite : ledger.append(txn, entry, events)),
    });
    const charging = (from: string, txn: string) =>
      createEffects({ ledger: broken(from), devices, clock, chance: seededChance(3) }).charge(
        { ...PARKING, txn },
        signal,
      );
    expect(await charging('charge.intent', 'a')).toMatchObject({
      kind: 'notCharged',
      problem: { code: 'ledger.full' },
    });
    expect(devices.commands).toEqual([]);
    expect(await charging('charge.paid', 'b')).toMatchObject({ kind: 'case', code: expect.stringMatching(CODE) });
    expect(ledger.openTxns()).toMatchObject([{ id: 'b', state: 'charging' }]);
  });
});

describe('a print', () => {
  const free = { ...SLIP, txn: 'free' };

  it('reads the counters first, prints once and keeps the evidence', async () => {
    begin();
    expect(await effects.print(free, signal)).toEqual({ kind: 'printed', evidence: 'fake seen' });
    expect(devices.commands).toEqual(['checkpoint', 'print']);
    expect(eventNames(ledger)).toEqual(['PrintSettled.printed']);
  });

  it('names the slip to the counters, without which they settle nothing after a crash', async () => {
    begin();
    const execute = vi.spyOn(devices, 'execute');
    await effects.print(free, signal);
    expect(execute.mock.calls[0]?.slice(0, 2)).toEqual(['receipt-printer', { kind: 'checkpoint', receipt: RECEIPT }]);
  });

  it('without money that fails is only not printed, and a new job may follow', async () => {
    begin({ print: 'paperOut' });
    expect(await effects.print(free, signal)).toMatchObject({
      kind: 'notPrinted',
      problem: { code: 'printer.paperOut' },
    });
    devices.faults.print = 'normal';
    expect((await effects.print(free, signal)).kind).toBe('printed');
    expect(ledger.txn('free')).toMatchObject({ state: 'delivered', prints: 2 });
    expect(eventNames(ledger)).toEqual(['PrintSettled.notPrinted', 'PrintSettled.printed']);
  });

  it('whose answer is lost is asked for at the counters, never printed again', async () => {
    begin({ print: 'printedReplyLost', settleAway: 2 });
    expect((await clock.runUntil(effects.print(free, signal))).kind).toBe('printed');
    expect(devices.commands).toEqual(['checkpoint', 'print', 'settle', 'settle', 'settle']);
  });

  it.each<[string, Partial<Faults>, readonly string[]]>([
    ['no paper', { print: 'paperOut' }, ['PrintSettled.notPrinted', 'CaseOpened']],
    ['a jam', { print: 'jam' }, ['PrintSettled.notPrinted', 'CaseOpened']],
    ['a printer that cannot tell', { print: 'printedReplyLost', cannotTell: true }, ['CaseOpened']],
    ['a printer that is away', { printerAway: true }, ['CaseOpened']],
  ])('of a paid slip becomes a case with a claim code: %s', async (_name, faults, events) => {
    begin(faults);
    await effects.charge(PARKING, signal);
    const result = await clock.runUntil(effects.print(SLIP, signal));
    expect(result).toMatchObject({ kind: 'case', code: expect.stringMatching(CODE) });
    expect(eventNames(ledger)).toEqual(['ChargeAsked', 'ChargeSettled.paid', ...events]);
    expect(ledger.cases()).toMatchObject([{ id: 'op', state: 'flagged' }]);
    expect(devices.count('reverse'), 'staff decide, not the kiosk').toBe(0);
  });

  it('that the owner of a case asks for again closes the matter as a second print', async () => {
    begin({ print: 'paperOut' });
    await effects.charge(PARKING, signal);
    await effects.print(SLIP, signal);
    devices.faults.print = 'normal';
    expect((await effects.print(SLIP, signal)).kind).toBe('printed');
    expect(ledger.txn('op')).toMatchObject({ state: 'delivered', prints: 2 });
    expect(ledger.cases()).toEqual([]);
  });
});

describe('the same slip once more', () => {
  it('is told of as a copy with its number; the original and another slip are not', async () => {
    begin();
    await effects.charge(PARKING, signal);
    for (const template of ['parking', 'parking', 'permit', 'parking'])
      expect((await effects.print({ ...SLIP, template, more: 1 }, signal)).kind).toBe('printed');
    const told = eventsOf(ledger).flatMap((event) => (event.type === 'PrintSettled' ? [event] : []));
    expect(told.map(({ template, copy }) => [template, copy])).toEqual([
      ['parking', undefined],
      ['parking', 1],
      ['permit', undefined],
      ['parking', 2],
    ]);
  });

  it('that did not come out before is the original when it does', async () => {
    begin({ print: 'paperOut' });
    await effects.charge(PARKING, signal);
    await effects.print({ ...SLIP, more: 1 }, signal);
    devices.faults.print = 'normal';
    await effects.print({ ...SLIP, more: 1 }, signal);
    const told = eventsOf(ledger).filter(({ type }) => type === 'PrintSettled');
    expect(told.map((event) => 'copy' in event)).not.toContain(true);
    expect(told).not.toHaveLength(0);
  });
});

describe('a paid service without paper', () => {
  it('is at its end when the resident wants none', async () => {
    begin();
    await effects.charge(PARKING, signal);
    expect(effects.waive({ txn: 'op', reason: 'no slip wanted' }).ok).toBe(true);
    expect(ledger.openTxns()).toEqual([]);
  });
});

describe('a reversal', () => {
  it('is repeated with the same trade until the terminal says it is done', async () => {
    begin({ reverseRequestLost: 2, reverseReplyLost: 1 });
    await effects.charge(PARKING, signal);
    expect(await clock.runUntil(effects.reverse({ txn: 'op' }, signal))).toEqual({ kind: 'reversed' });
    expect(devices.count('reverse')).toBe(4);
    expect(eventNames(ledger)).toEqual(['ChargeAsked', 'ChargeSettled.paid', 'ChargeSettled.reversed']);
    expect(devices.captured).toBe(0);
    expect(await effects.reverse({ txn: 'op' }, signal)).toEqual({ kind: 'reversed' });
  });

  it('refused, or late by ten minutes, is a case as well; the next call goes on', async () => {
    begin({ reverseRequestLost: 999 });
    await effects.charge(PARKING, signal);
    const late = await clock.runUntil(effects.reverse({ txn: 'op' }, signal), 1_000_000);
    expect(late).toMatchObject({ kind: 'case', code: expect.stringMatching(CODE) });
    expect(clock.now()).toBeGreaterThanOrEqual(600_000);
    devices.faults.reverseRequestLost = 0;
    devices.faults.reverseRefused = true;
    expect(await effects.reverse({ txn: 'op' }, signal)).toMatchObject({
      kind: 'case',
      code: late.kind === 'case' && late.code,
    });
    devices.faults.reverseRefused = false;
    expect(await effects.reverse({ txn: 'op' }, signal)).toEqual({ kind: 'reversed' });
    expect(eventNames(ledger)).toEqual(['ChargeAsked', 'ChargeSettled.paid', 'CaseOpened', 'ChargeSettled.reversed']);
  });

  it('that is stopped stays pending', async () => {
    begin({ reverseRequestLost: 999 });
    await effects.charge(PARKING, signal);
    const stop = new AbortController();
    const reversing = effects.reverse({ txn: 'op' }, stop.signal);
    await clock.run(10_000);
    stop.abort();
    expect(await reversing).toMatchObject({ kind: 'pending' });
    expect(ledger.openTxns()).toMatchObject([{ state: 'reversing' }]);
  });
});

describe('a case code', () => {
  it('has the letters people do not confuse, and uses all of them', () => {
    const chance = seededChance(9);
    const seen = new Set<string>();
    for (let n = 0; n < 200; n++) {
      const code = drawCaseCode(chance);
      expect(code).toMatch(CODE);
      for (const letter of code) seen.add(letter);
    }
    expect(seen.size).toBe(33);
  });
});

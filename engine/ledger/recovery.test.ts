import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { createEffects } from './effects.ts';
import type { KillPoint } from './kill-points.ts';
import type { Ledger } from './ledger.ts';
import { recover, type RecoveryStanding } from './recovery.ts';
import { FakeDevices, type Faults } from './test-support/fake-devices.ts';
import { eventNames, eventsOf, RECEIPT, seededChance, TestLedgers } from './test-support/test-ledger.ts';

let ledgers: TestLedgers;
let clock: SimulatedClock;
let devices: FakeDevices;
beforeEach(() => {
  ledgers = new TestLedgers();
  clock = ledgers.clock;
});
afterEach(() => ledgers.dispose());

/** Pays (unless free) and prints until the process ends at `point`; the file as it is found at the next start. */
async function interrupted(point: KillPoint, faults: Partial<Faults> = {}, isFree = false): Promise<Ledger> {
  devices = new FakeDevices(faults);
  const ledger = ledgers.open();
  const probe = (passed: KillPoint): void => {
    if (passed === point) throw new Error(`killed at ${point}`);
  };
  const effects = createEffects({ ledger, devices, clock, chance: seededChance(3), probe });
  const { signal } = new AbortController();
  const run = async (): Promise<void> => {
    if (!isFree) await effects.charge({ txn: 'op', service: 'parking', amountCents: 960, quote: 'q-1' }, signal);
    await effects.print({ txn: 'op', template: 'slip', receipt: RECEIPT }, signal);
  };
  await expect(clock.runUntil(run())).rejects.toThrow('killed at');
  const path = ledgers.crashCopy(ledgers.path());
  ledger.close();
  devices.commands.length = 0;
  return ledgers.open({ path });
}

const recovering = (ledger: Ledger) => recover({ ledger, devices, clock, chance: seededChance(5) });

describe('a start after a crash', () => {
  it('asks before it does anything, then gives back what was paid: the customer is gone', async () => {
    const ledger = await interrupted('charge.answered');
    const report = await clock.runUntil(recovering(ledger));
    expect(devices.commands).toEqual(['query', 'reverse']);
    expect(report).toMatchObject({
      settled: [{ id: 'op', state: 'reversed' }],
      pending: [],
      paidServicesClosed: false,
    });
    expect(eventNames(ledger)).toEqual(['ChargeAsked', 'ChargeSettled.paid', 'ChargeSettled.reversed']);
    expect(eventsOf(ledger)[1], 'no exit grace is opened').not.toHaveProperty('quote');
  });

  it('cancels a sale that never reached the terminal', async () => {
    const ledger = await interrupted('charge.intent.after');
    await clock.runUntil(recovering(ledger));
    expect(devices.commands).toEqual(['query']);
    expect(ledger.txn('op').state).toBe('cancelled');
  });

  it('gives back what was paid when nothing was delivered yet', async () => {
    const ledger = await interrupted('print.checkpoint');
    await clock.runUntil(recovering(ledger));
    expect(devices.commands).toEqual(['reverse']);
    expect(ledger.txn('op').state).toBe('reversed');
  });

  it('believes the printer that the slip came out, and clears its mouth after it was asked', async () => {
    const ledger = await interrupted('print.sent');
    const report = await clock.runUntil(recovering(ledger));
    expect(devices.commands).toEqual(['settle', 'retract']);
    expect(ledger.txn('op').state).toBe('delivered');
    expect(report.paperInDoubt).toBe(false);
  });

  it('gives back what was paid when the printer says no slip came out', async () => {
    const ledger = await interrupted('print.intent.after');
    await clock.runUntil(recovering(ledger));
    expect(devices.commands).toEqual(['settle', 'reverse', 'retract']);
    expect(eventNames(ledger)).toEqual([
      'ChargeAsked',
      'ChargeSettled.paid',
      'PrintSettled.notPrinted',
      'ChargeSettled.reversed',
    ]);
  });

  it('hands the transaction to staff when the printer cannot tell', async () => {
    const ledger = await interrupted('print.sent', { cannotTell: true });
    await clock.runUntil(recovering(ledger));
    expect(ledger.cases()).toMatchObject([{ state: 'flagged', case: { reason: 'print.unknown' } }]);
    expect(devices.count('reverse')).toBe(0);
  });

  it('leaves a free slip unprinted', async () => {
    const ledger = await interrupted('print.intent.after', {}, true);
    const report = await clock.runUntil(recovering(ledger));
    expect(eventNames(ledger)).toEqual(['PrintSettled.notPrinted']);
    expect(report.pending).toEqual([]);
  });

  it('finds nothing to do after a run that ended well', async () => {
    devices = new FakeDevices();
    const report = await recovering(ledgers.open());
    expect(report).toMatchObject({ settled: [], pending: [], paidServicesClosed: false, paperInDoubt: false });
    expect(devices.commands).toEqual([]);
  });
});

describe('a device that is away at start-up', () => {
  it('does not hold the start longer than its budget; paid services stay closed until it has answered', async () => {
    const ledger = await interrupted('charge.answered');
    devices.faults.queryFails = 12;
    const startedAtMs = clock.now();
    const report = await clock.runUntil(recovering(ledger));
    expect(clock.now() - startedAtMs).toBeLessThanOrEqual(20_000);
    expect(report).toMatchObject({ pending: [{ id: 'op' }], paidServicesClosed: true, settled: [] });
    const standings: RecoveryStanding[] = [];
    const resumed = report.resume(new AbortController().signal, (standing) => standings.push(standing));
    expect(await clock.runUntil(resumed)).toMatchObject({ pending: [], paidServicesClosed: false });
    expect(standings[0]?.paidServicesClosed).toBe(true);
    expect(ledger.txn('op').state).toBe('reversed');
  });

  it('for ten minutes makes a case, which opens paid services again, and is still asked', async () => {
    const ledger = await interrupted('charge.answered');
    devices.faults.queryFails = 9_999;
    const report = await clock.runUntil(recovering(ledger));
    const stop = new AbortController();
    const resumed = report.resume(stop.signal);
    await clock.run(700_000);
    expect(ledger.cases()).toMatchObject([{ state: 'flagged', case: { reason: 'charge.unknown' } }]);
    devices.faults.queryFails = 0;
    expect(await clock.runUntil(resumed)).toMatchObject({ pending: [], paidServicesClosed: false });
    expect(eventNames(ledger)).toEqual(['ChargeAsked', 'CaseOpened', 'ChargeSettled.paid']);
  });

  it('stops asking when the kiosk shuts down and asks again at the next start', async () => {
    const ledger = await interrupted('charge.answered');
    devices.faults.queryFails = 9_999;
    const report = await clock.runUntil(recovering(ledger));
    const stop = new AbortController();
    const resumed = report.resume(stop.signal);
    await clock.run(5_000);
    stop.abort();
    expect((await resumed).pending).toMatchObject([{ state: 'charging' }]);
    devices.faults.queryFails = 0;
    expect((await clock.runUntil(recovering(ledger))).settled).toMatchObject([{ state: 'reversed' }]);
  });

  it('keeps the mouth of the printer in doubt until it could be cleared, after its counters were read', async () => {
    const ledger = await interrupted('print.sent');
    devices.faults.settleAway = 7;
    devices.faults.retractAway = 1;
    const report = await clock.runUntil(recovering(ledger));
    expect(report.paperInDoubt).toBe(true);
    expect(devices.count('retract')).toBe(0);
    const after = await clock.runUntil(report.resume(new AbortController().signal));
    expect(after).toMatchObject({ pending: [], paperInDoubt: false });
    expect(devices.count('retract')).toBe(2);
  });
});

describe('a hundred open transactions', () => {
  it('are settled by one start', async () => {
    devices = new FakeDevices();
    const ledger = ledgers.open();
    for (let n = 0; n < 100; n++) {
      const { trade, echo } = ledger.newTrade();
      const entry = { step: 'charge.intent', trade, echo, amountCents: 100, service: 'parking' } as const;
      ledger.append(`op-${n}`, entry, []);
      if (n % 2) devices.trades.set(trade, 'approved');
    }
    const report = await clock.runUntil(recovering(ledger));
    expect(report.settled).toHaveLength(100);
    expect(devices.captured).toBe(0);
  });
});

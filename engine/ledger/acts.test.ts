/** Doors, several deliverables of one payment, forms, and the provider's rules. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fail } from '../../contract/outcome.schema.ts';
import { CARD_TERMINAL_PROFILE, type PaymentProfile } from '../../kiosk-config/payment-profile.schema.ts';
import type { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { createEffects, type EffectOptions, type Effects } from './effects.ts';
import type { MachineTime } from './journal.schema.ts';
import type { KillPoint } from './kill-points.ts';
import type { Ledger } from './ledger.ts';
import { recover } from './recovery.ts';
import type { Seal } from './sealed-parts.ts';
import { FakeDevices, type Faults } from './test-support/fake-devices.ts';
import { eventNames, eventsOf, RECEIPT, seededChance, TestLedgers } from './test-support/test-ledger.ts';

const DAY_MS = 86_400_000;
const PARKING = { txn: 'op', service: 'parking', amountCents: 960, quote: 'q-1' } as const;
const SLIP = { txn: 'op', template: 'parking', receipt: RECEIPT };
const DOOR = { txn: 'op', door: 7 };

let ledgers: TestLedgers;
let ledger: Ledger;
let clock: SimulatedClock;
let devices: FakeDevices;
let effects: Effects;
const { signal } = new AbortController();

function begin(faults: Partial<Faults> = {}, options: Partial<EffectOptions> = {}): void {
  ledger = ledgers.open();
  devices = new FakeDevices(faults);
  effects = createEffects({ ledger, devices, clock, chance: seededChance(3), ...options });
}

/** The same, dead at `point`; opened again as a start finds it. */
async function dies(point: KillPoint, faults: Partial<Faults>, work: () => Promise<unknown>, at = 1): Promise<void> {
  let passed = 0;
  begin(faults, {
    probe(here) {
      if (here === point && ++passed === at) throw new Error('killed');
    },
  });
  await expect(clock.runUntil(work())).rejects.toThrow('killed');
  const path = ledgers.crashCopy(ledgers.path());
  ledger.close();
  devices.commands.length = 0;
  ledger = ledgers.open({ path });
}

const recovering = (options: Partial<EffectOptions> = {}) =>
  clock.runUntil(recover({ ledger, devices, clock, chance: seededChance(5), ...options }));

beforeEach(() => {
  ledgers = new TestLedgers();
  clock = ledgers.clock;
});
afterEach(() => {
  expect(clock.pendingTimers, 'no timer is left behind').toBe(0);
  ledgers.dispose();
});

describe('a door', () => {
  it('is looked at, opened by one pulse and told to the platform', async () => {
    begin();
    expect(await effects.unlock(DOOR, signal)).toEqual({ kind: 'opened', evidence: 'fake seen' });
    expect(devices.commands).toEqual(['state', 'open']);
    expect(eventsOf(ledger)).toMatchObject([{ type: 'ActSettled', act: 'unlock', target: '7', state: 'done' }]);
    expect(ledger.txn('op')).toMatchObject({ state: 'delivered', given: ['unlock 7'], prints: 0 });
  });

  it('that stands open already is not pulsed', async () => {
    begin();
    devices.openDoors.add(7);
    const refused = await effects.unlock(DOOR, signal);
    expect(refused).toMatchObject({ kind: 'notOpened', problem: { code: 'locker.alreadyOpen' } });
    expect([devices.pulses.size, eventNames(ledger)]).toEqual([0, []]);
  });

  it.each<[string, Partial<Faults>, string]>([
    ['the lost answer: it stands open', { door: 'openedReplyLost' }, 'opened'],
    ['the lost answer: it is shut and still full', { door: 'requestLost', doorSensor: true }, 'notOpened'],
    ['the lost answer: it is shut, and nobody can tell', { door: 'requestLost' }, 'case'],
    ['a locker that is away for a while', { door: 'openedReplyLost', doorAway: 0 }, 'opened'],
    ['a stuck latch', { door: 'stuck' }, 'notOpened'],
  ])('is never pulsed twice, whatever comes of %s', async (_name, faults, kind) => {
    begin(faults);
    expect((await clock.runUntil(effects.unlock(DOOR, signal))).kind).toBe(kind);
    expect(devices.count('open')).toBe(1);
  });

  it('that was paid for and does not open is a case, not a refund by itself', async () => {
    begin({ door: 'stuck' });
    await effects.charge(PARKING, signal);
    expect(await clock.runUntil(effects.unlock(DOOR, signal))).toMatchObject({ kind: 'case' });
    expect(eventNames(ledger).slice(2)).toEqual(['ActSettled.notDone', 'CaseOpened']);
    expect(ledger.cases()).toMatchObject([{ case: { reason: 'act.failed' } }]);
    expect(devices.count('reverse')).toBe(0);
  });

  it.each<[string, KillPoint, Partial<Faults>, string]>([
    ['stands open', 'act.sent', {}, 'delivered'],
    ['is shut and still full', 'act.intent.after', { doorSensor: true }, 'reversed'],
    ['is shut and empty now', 'act.sent', { doorSensor: true }, 'delivered'],
    ['is shut, and nobody can tell', 'act.intent.after', {}, 'flagged'],
  ])('at a start after a crash: %s', async (name, point, faults, state) => {
    await dies(point, faults, async () => {
      await effects.charge(PARKING, signal);
      await effects.unlock(DOOR, signal);
    });
    if (name === 'is shut and empty now') devices.openDoors.clear();
    await recovering();
    expect(ledger.txn('op').state).toBe(state);
    expect(devices.count('open'), 'no second pulse').toBe(0);
  });
});

describe('several things for one payment', () => {
  const both = async () => {
    await effects.charge(PARKING, signal);
    const slip = await effects.print({ ...SLIP, more: 1 }, signal);
    return [slip, await effects.unlock(DOOR, signal)];
  };

  it('are an act each; the transaction is delivered with the last', async () => {
    begin();
    await effects.charge(PARKING, signal);
    await effects.print({ ...SLIP, more: 1 }, signal);
    expect(ledger.txn('op')).toMatchObject({ state: 'charged', given: ['print parking'] });
    await effects.unlock(DOOR, signal);
    expect(ledger.txn('op')).toMatchObject({ state: 'delivered', given: ['print parking', 'unlock 7'] });
  });

  it('of which one fails are a case that names what came out', async () => {
    begin({ door: 'stuck' });
    const [, door] = await clock.runUntil(both());
    expect(door).toMatchObject({ kind: 'case' });
    expect(eventsOf(ledger).at(-1)).toMatchObject({
      ...{ type: 'CaseOpened', reason: 'delivery.partial', given: ['print parking'], amountCents: 960 },
    });
    expect(devices.captured, 'no part refund').toBe(1);
  });

  it('of which the first is out and could not be written down end with a code, and the second is not begun', async () => {
    begin();
    const append: Ledger['append'] = (id, entry, events) =>
      entry.step === 'deliver.done' ? fail('ledger.full') : ledger.append(id, entry, events);
    effects = createEffects({ ledger: { ...ledger, append }, devices, clock, chance: seededChance(3) });
    const [slip, door] = await clock.runUntil(both());
    expect(slip).toMatchObject({ kind: 'printed' });
    expect(door).toMatchObject({ kind: 'case', problem: { code: 'kiosk.interrupted' } });
    expect(devices.count('open')).toBe(0);
    await recovering();
    expect(ledger.cases()).toMatchObject([{ case: { reason: 'delivery.partial' } }]);
  });

  it('cut off between two by a crash are a case, and no money goes back by itself', async () => {
    await dies('act.checkpoint', {}, both);
    await recovering();
    expect(ledger.cases()).toMatchObject([{ state: 'flagged', case: { reason: 'delivery.partial' } }]);
    expect([devices.count('reverse'), devices.count('open')]).toEqual([0, 0]);
    expect(eventsOf(ledger).at(-1)).toMatchObject({ type: 'CaseOpened', given: ['print parking'] });
  });

  it('of which the second surely did not come out at a start are a case, too', async () => {
    await dies('act.intent.after', { doorSensor: true }, both);
    await recovering();
    expect(ledger.cases()).toMatchObject([{ case: { reason: 'delivery.partial' } }]);
    expect(devices.captured).toBe(1);
  });
});

describe('what is handed in', () => {
  const FORM = { txn: 'op', service: 'benefit', form: 'benefit-claim', formVersion: '3', content: { name: '测试' } };
  const commitment = 'ab'.repeat(32);
  const seal = vi.fn<Seal>(() => Promise.resolve({ commitment, sealed: 'c2VhbGVk' }));
  const confirm = () => ledger.outbox.acknowledge(ledger.outbox.head().written);
  beforeEach(() => void seal.mockClear());

  it('goes up once, with its sealed part beside the record and its commitment in it', async () => {
    begin({}, { seal });
    expect((await effects.submit(FORM)).ok).toBe(true);
    expect((await effects.submit(FORM)).ok).toBe(true);
    expect(seal).toHaveBeenCalledTimes(1);
    expect(ledger.outbox.pending(9).records).toMatchObject([
      { event: { type: 'FormSubmitted', form: 'benefit-claim', personal: commitment }, sealed: 'c2VhbGVk' },
    ]);
    expect(ledger.txn('op').state).toBe('submitted');
  });

  it('is refused by a terminal that has no key of the platform', async () => {
    begin();
    expect(await effects.submit(FORM)).toMatchObject({ ok: false, problem: { code: 'device.notFitted' } });
    expect(eventsOf(ledger)).toEqual([]);
  });

  it('keeps its sealed part until the platform has it and a day has passed; the chain holds without it', async () => {
    begin({}, { seal });
    await effects.submit(FORM);
    clock.advance(2 * DAY_MS);
    expect(ledger.prune()).toEqual({ ok: true, value: 0 });
    expect(ledger.outbox.pending(1).records[0]?.sealed).toBe('c2VhbGVk');
    confirm();
    expect(ledger.prune()).toEqual({ ok: true, value: 1 });
    ledger.outbox.acknowledge({ seq: 0, hash: '0'.repeat(64) });
    expect(ledger.outbox.pending(1).records[0]).not.toHaveProperty('sealed');
    expect(ledger.outbox.pending(1, 'audit').records).toMatchObject([{ event: { action: 'personal.erased' } }]);
    ledger.close();
    expect(ledgers.open().txn('op').state).toBe('submitted');
  });

  it('keeps it for a day also when the platform is quick', async () => {
    begin({}, { seal });
    await effects.submit(FORM);
    confirm();
    clock.advance(DAY_MS - 1_000);
    expect(ledger.prune()).toEqual({ ok: true, value: 0 });
    clock.advance(2_000);
    expect(ledger.prune()).toEqual({ ok: true, value: 1 });
  });
});

describe('the rules of the provider', () => {
  const rules = (reverse: Partial<PaymentProfile['reverse']>): PaymentProfile => ({
    ...CARD_TERMINAL_PROFILE,
    reverse: { ...CARD_TERMINAL_PROFILE.reverse, ...reverse },
  });

  it('keep a reversal back until it may come', async () => {
    begin({}, { payment: rules({ afterSeconds: 15 }) });
    await effects.charge(PARKING, signal);
    await clock.run(5_000);
    const reversing = effects.reverse({ txn: 'op' }, signal);
    await clock.run(9_000);
    expect(devices.count('reverse')).toBe(0);
    expect(await clock.runUntil(reversing)).toEqual({ kind: 'reversed' });
    expect(clock.now()).toBe(15_000);
  });

  it('keep it back at a start as well', async () => {
    await dies('charge.recorded', {}, () => effects.charge(PARKING, signal));
    const report = await recovering({ payment: rules({ afterSeconds: 15 }) });
    expect(report.settled).toMatchObject([{ state: 'reversed' }]);
    expect(clock.now()).toBeGreaterThanOrEqual(15_000);
  });

  it('make a case of money that can only be refunded by now', async () => {
    await dies('charge.recorded', {}, () => effects.charge(PARKING, signal));
    clock.advance(8 * DAY_MS);
    await recovering();
    expect(devices.commands).toEqual([]);
    expect(ledger.cases()).toMatchObject([{ case: { reason: 'reverse.late' } }]);
  });

  it('ask before they give back, and believe that it has gone back already', async () => {
    begin({ reverseReplyLost: 1 }, { payment: rules({ queryFirst: true }) });
    await effects.charge(PARKING, signal);
    expect(await clock.runUntil(effects.reverse({ txn: 'op' }, signal))).toEqual({ kind: 'reversed' });
    expect(devices.commands).toEqual(['sale', 'query', 'reverse', 'query']);
  });

  it('say how often and how long is asked after a lost answer', async () => {
    const poll = { everySeconds: 5, slowestSeconds: 5, forSeconds: 20 };
    begin({ sale: 'replyLost', queryFails: 99 }, { payment: { ...CARD_TERMINAL_PROFILE, poll } });
    const end = await clock.runUntil(effects.charge(PARKING, signal));
    expect([end.kind, devices.count('query'), clock.now()]).toEqual(['case', 4, 20_000]);
  });
});

describe('the age of a sale, for a terminal that has never seen it', () => {
  async function askedAfter(now: MachineTime | undefined): Promise<unknown> {
    begin({ sale: 'replyLost', queryFails: 0 }, { machineTime: () => ({ boot: 'b1', upMs: 100_000 }) });
    const { trade, echo } = ledger.newTrade();
    const asked = { boot: 'b1', upMs: 100_000 };
    ledger.append('op', { step: 'charge.intent', trade, echo, amountCents: 960, service: 'parking', asked }, []);
    const execute = vi.spyOn(devices, 'execute');
    await recovering({ machineTime: () => now });
    return execute.mock.calls[0]?.[1];
  }

  it('is told after a restart of the program, less what it may have waited for its turn', async () => {
    expect(await askedAfter({ boot: 'b1', upMs: 190_000 })).toMatchObject({ kind: 'query', ageMs: 60_000 });
  });

  it('is at least the time the machine is up after a power cut, whatever the wall clock says', async () => {
    expect(await askedAfter({ boot: 'b2', upMs: 45_000 })).toMatchObject({ kind: 'query', ageMs: 45_000 });
  });

  it('is not guessed where the machine does not tell its time', async () => {
    expect(await askedAfter(undefined)).not.toHaveProperty('ageMs');
  });
});

describe('a case that staff close at the machine', () => {
  it('is told to the platform with who closed it', async () => {
    begin({ print: 'paperOut' });
    await effects.charge(PARKING, signal);
    const shown = await effects.print(SLIP, signal);
    expect(effects.closeCase({ txn: 'op', outcome: 'reversed', by: 'staff-7' }).ok).toBe(true);
    const code = shown.kind === 'case' ? shown.code : '';
    expect(eventsOf(ledger).at(-1)).toMatchObject({ type: 'CaseClosed', code, outcome: 'reversed', by: 'staff-7' });
    expect(ledger.cases()).toEqual([]);
    expect(() => effects.closeCase({ txn: 'op', outcome: 'reversed', by: 'staff-7' })).toThrow(/cannot follow/);
  });
});

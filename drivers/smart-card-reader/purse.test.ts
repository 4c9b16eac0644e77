/** The driver with the simulated card and PSAM: what is paid, what is torn, and what becomes of it. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../contract/outcome.schema.ts';
import type { SmartCardReply } from '../../contract/devices/smart-card-reader.schema.ts';
import { shippedProfile } from './testing/card-profiles.ts';
import { simulatedStation, type SimulatedStation } from './testing/simulated-station.test-support.ts';

const BUY = { kind: 'purchase', trade: 'T-1', amountCents: 200 } as const;
const refusedWithout = (code: string, effect = 'none') => ({ kind: 'failed', effect, problem: { code } });

async function withCard(options: Parameters<typeof simulatedStation>[0] = {}) {
  const station = await simulatedStation(options);
  await station.lay('livelihood-chen');
  return station;
}

function debitOf(outcome: Outcome<SmartCardReply>): string {
  if (outcome.kind !== 'unknown' || !outcome.lastEvidence) throw new Error(JSON.stringify(outcome));
  return outcome.lastEvidence.value;
}

async function layBackAndSettle(station: SimulatedStation, debit: string, card = 'livelihood-chen') {
  await station.lay(card);
  return station.run({ kind: 'settle', trade: BUY.trade, debit });
}

describe('reading a purse', () => {
  it.each([
    ['livelihood-chen', 1_234, 2],
    ['city-union', 5_000, 2],
    ['t-union', 2_000, 0],
    ['lingnan-pass', 100, 2],
  ])('%s shows balance and log when asked', async (id, balanceCents, lines) => {
    const { lay, run } = await simulatedStation();
    await lay(id);
    const outcome = await run({ kind: 'read', purse: true });
    expect(outcome).toMatchObject({ kind: 'done', reply: { balanceCents } });
    expect(outcome.kind === 'done' && outcome.reply.log).toHaveLength(lines);
    expect(await run({ kind: 'read' })).not.toHaveProperty('reply.balanceCents');
  });

  it('gives types, times and cents of the log, newest first', async () => {
    const { run } = await withCard();
    expect(await run({ kind: 'read', purse: true })).toMatchObject({
      reply: {
        log: [
          { type: 'purchase', amountCents: 200, at: '2024-05-01T08:30:15', terminal: '440113000001', sequence: 17 },
          { type: 'load', amountCents: 5_000, at: '2024-04-01T10:15:00', terminal: '440113000001', sequence: 3 },
        ],
      },
    });
  });

  it('masks the top bit of the balance', async () => {
    const { card, run } = await withCard();
    card.faults.signBit = true;
    expect(await run({ kind: 'read', purse: true })).toMatchObject({ reply: { balanceCents: 1_234 } });
    expect(await run(BUY)).toMatchObject({ kind: 'done', reply: { purchase: { balanceCents: 1_034 } } });
  });
});

describe('a purchase', () => {
  it.each([false, true])('takes the money once and has the PSAM check it (T=0 manners %s)', async (getResponse) => {
    const { card, psam, run } = await withCard();
    card.faults.getResponse = getResponse;
    const outcome = await run(BUY);
    expect(outcome).toMatchObject({
      kind: 'done',
      reply: {
        profile: 'livelihood-demo',
        purchase: {
          state: 'charged',
          amountCents: 200,
          balanceCents: 1_034,
          terminal: '440113000001',
          terminalSequence: '00000077',
          at: '2024-05-01T08:30:15',
        },
      },
      evidence: { method: 'pboc.mac2' },
    });
    expect(card.state.purse).toMatchObject({ balanceCents: 1_034, debits: 1 });
    expect(psam.state).toMatchObject({ accepted: 1, sequence: 0x78 });
    expect(await run({ ...BUY, trade: 'T-2', amountCents: 34 })).toMatchObject({ kind: 'done' });
    expect(card.debits).toBe(2);
  });

  it('is refused for want of money, and nothing happens', async () => {
    const { card, run } = await withCard();
    expect(await run({ ...BUY, amountCents: 1_235 })).toMatchObject(refusedWithout('purse.insufficient'));
    expect(card.state.purse).toMatchObject({ balanceCents: 1_234, debits: 0 });
  });

  it('is refused by the card for its MAC, and nothing happens', async () => {
    const { card, psam, run } = await withCard();
    card.faults.refuseMac1 = true;
    expect(await run(BUY)).toMatchObject({
      ...refusedWithout('purse.refused'),
      problem: { detail: 'card, DEBIT: 9302 MAC invalid' },
    });
    expect(card.debits + psam.state.accepted).toBe(0);
  });

  it('is refused by the PSAM before the card is debited', async () => {
    const { card, psam, run } = await withCard();
    psam.faults.refuseKey = true;
    expect(await run(BUY)).toMatchObject(refusedWithout('purse.refused'));
    expect(card.debits).toBe(0);
  });

  it('has an effect in part when the card paid and the PSAM calls its MAC2 wrong', async () => {
    for (const spoil of ['card', 'psam'] as const) {
      const { card, psam, run } = await withCard();
      if (spoil === 'card') card.faults.wrongMac2 = true;
      else psam.faults.refuseMac2 = true;
      const outcome = await run(BUY);
      expect(outcome).toMatchObject(refusedWithout('purse.refused', 'partial'));
      expect(outcome.kind === 'failed' && outcome.problem.detail).toContain('the card has paid: card=');
      expect(card.debits).toBe(1);
      expect(psam.state.accepted).toBe(0);
    }
  });

  it('is not begun without a PSAM, or with one that is out', async () => {
    const none = await withCard({ hasPsam: false });
    expect(await none.run(BUY)).toMatchObject(refusedWithout('kiosk.badConfig'));
    const out = await withCard();
    out.psam.remove();
    await out.clock.run(10);
    expect(await out.run(BUY)).toMatchObject(refusedWithout('device.absent'));
    expect(none.card.debits + out.card.debits).toBe(0);
  });

  it('is not begun with a card whose profile has no purse or allows no purchase', async () => {
    const { lay, run, card } = await simulatedStation();
    await lay('city-union');
    expect(await run(BUY)).toMatchObject(refusedWithout('purse.refused'));
    await lay('social-security-huang');
    expect(await run(BUY)).toMatchObject(refusedWithout('purse.refused'));
    expect(card.debits).toBe(0);
  });

  it('whose MAC2 the PSAM never checks is unknown, and settled as charged with the TAC', async () => {
    const station = await withCard();
    station.psam.faults.muteAt = '72';
    const outcome = await station.run(BUY);
    expect(outcome).toMatchObject({ kind: 'unknown', problem: { code: 'purse.torn' } });
    const debit = debitOf(outcome);
    expect(debit).toMatch(/ tac=[0-9A-F]{8}$/);
    expect(await layBackAndSettle(station, debit)).toMatchObject({
      reply: { purchase: { state: 'charged', tac: debit.slice(-8) } },
    });
  });

  it('whose PSAM is mute before the debit ends without effect at its deadline', async () => {
    const { card, psam, run } = await withCard();
    psam.faults.muteAt = '70';
    expect(await run(BUY, 2_000)).toMatchObject(refusedWithout('device.deadline'));
    expect(card.debits).toBe(0);
  });
});

describe('a torn card', () => {
  it.each([
    ['beforeDebit', false, 'notCharged', 1_234],
    ['beforeDebit', true, 'notCharged', 1_234],
    ['afterDebit', false, 'charged', 1_034],
    ['afterDebit', true, 'charged', 1_034],
  ] as const)(
    '%s, counting ahead %s, is %s once the same card is back',
    async (tear, countsAhead, state, balanceCents) => {
      const station = await withCard();
      Object.assign(station.card.faults, { tear, countsAhead });
      const outcome = await station.run(BUY);
      expect(outcome).toMatchObject({
        kind: 'unknown',
        problem: { code: 'purse.torn' },
        lastEvidence: { method: 'purse.openDebit' },
      });
      const settled = await layBackAndSettle(station, debitOf(outcome));
      expect(settled).toMatchObject({ kind: 'done', reply: { purchase: { state, balanceCents, amountCents: 200 } } });
      expect(settled.kind === 'done' && settled.reply.purchase?.tac !== undefined).toBe(state === 'charged');
      expect(station.card.debits).toBe(state === 'charged' ? 1 : 0);
    },
  );

  it('says nothing of the card’s number in what is kept', async () => {
    const { card, run } = await withCard();
    card.faults.tear = 'afterDebit';
    expect(JSON.stringify(await run(BUY))).not.toContain('4401130000010017');
  });

  it('is not settled by another card', async () => {
    const station = await withCard();
    station.card.faults.tear = 'afterDebit';
    const debit = debitOf(await station.run(BUY));
    expect(await layBackAndSettle(station, debit, 'livelihood-rare-name')).toMatchObject({
      ...refusedWithout('purse.torn'),
      problem: { detail: 'another card lies on the reader' },
    });
    expect(await layBackAndSettle(station, debit)).toMatchObject({ reply: { purchase: { state: 'charged' } } });
  });

  it('is not taken for charged because the purchase before has a proof under the same number', async () => {
    const station = await withCard();
    station.card.faults.countsAhead = true;
    expect(await station.run({ ...BUY, trade: 'T-0' })).toMatchObject({ kind: 'done' });
    await station.clock.run(60_000);
    station.card.faults.tear = 'beforeDebit';
    const settled = await layBackAndSettle(station, debitOf(await station.run(BUY)));
    expect(settled).toMatchObject({
      kind: 'done',
      reply: { purchase: { state: 'notCharged', balanceCents: 1_034 } },
      evidence: { value: 'balance the same, log others, proved' },
    });
  });

  it('is not taken for charged because somebody else took as much since', async () => {
    const station = await withCard();
    station.card.faults.countsAhead = true;
    station.card.faults.tear = 'beforeDebit';
    const debit = debitOf(await station.run(BUY));
    await station.clock.run(60_000);
    await station.lay('livelihood-chen');
    expect(await station.run({ ...BUY, trade: 'T-9' })).toMatchObject({ kind: 'done' });
    expect(await layBackAndSettle(station, debit)).toMatchObject({
      ...refusedWithout('purse.torn'),
      problem: { detail: 'the card does not say: balance lower by 200, log others, proved' },
    });
  });

  it('is charged by its record in the log, whatever was bought since', async () => {
    const station = await withCard();
    station.card.faults.tear = 'afterDebit';
    const debit = debitOf(await station.run(BUY));
    await station.lay('livelihood-chen');
    expect(await station.run({ ...BUY, trade: 'T-9', amountCents: 34 })).toMatchObject({ kind: 'done' });
    expect(await layBackAndSettle(station, debit)).toMatchObject({
      reply: { purchase: { state: 'charged', balanceCents: 1_000 } },
    });
  });

  it('is settled without a PSAM, as often as one likes', async () => {
    const station = await withCard();
    station.card.faults.tear = 'afterDebit';
    const debit = debitOf(await station.run(BUY));
    station.psam.remove();
    const first = await layBackAndSettle(station, debit);
    expect(await layBackAndSettle(station, debit)).toEqual(first);
    expect(station.card.debits).toBe(1);
  });
});

describe('a card that leaves at any moment', () => {
  const MOMENTS = Array.from({ length: 22 }, (_, k) => k);

  it.each(MOMENTS)('after %i answers has paid once or not at all, and the truth is found', async (answers) => {
    const station = await withCard();
    station.card.faults.removeAfterExchange = answers;
    const outcome = await station.run(BUY);
    const paid = station.card.debits;
    expect(paid).toBeLessThanOrEqual(1);
    if (outcome.kind === 'done') return expect(paid).toBe(1);
    if (outcome.kind === 'failed') {
      expect(outcome).toMatchObject({ effect: 'none', problem: { code: 'card.removed' } });
      return expect(paid).toBe(0);
    }
    station.card.faults.removeAfterExchange = null;
    expect(await layBackAndSettle(station, debitOf(outcome))).toMatchObject({
      reply: { purchase: { state: paid === 1 ? 'charged' : 'notCharged' } },
    });
    expect(station.card.debits).toBe(paid);
  });

  it.each([0, 500, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000, 5_000, 6_000, 7_000, 8_000])(
    'or takes half a second an answer and has %i ms: the deadline holds and the truth is found',
    async (budgetMs) => {
      const station = await withCard();
      station.card.faults.slowMs = 500;
      const before = station.clock.now();
      const outcome = await station.run(BUY, budgetMs);
      expect(station.clock.now() - before).toBeLessThanOrEqual(Math.max(budgetMs, 0) + 1);
      station.card.faults.slowMs = 0;
      await station.clock.run(1_000);
      const paid = station.card.debits;
      if (outcome.kind === 'failed') return expect([outcome.effect, paid]).toEqual(['none', 0]);
      if (outcome.kind === 'done') return expect(paid).toBe(1);
      expect(await station.run({ kind: 'settle', trade: BUY.trade, debit: debitOf(outcome) })).toMatchObject({
        reply: { purchase: { state: paid === 1 ? 'charged' : 'notCharged' } },
      });
    },
  );
});

describe('a PIN', () => {
  const SOCIAL = shippedProfile('social-security');
  const pin = { value: '888888', reference: 0 };
  const withPin = (value = pin.value) => [{ ...SOCIAL, pin: { ...pin, value } }];

  it('is never said unless the profile has one', async () => {
    const { lay, run, card } = await simulatedStation();
    await lay('social-security-contactless');
    expect(await run({ kind: 'read' })).toMatchObject(refusedWithout('card.pinNeeded'));
    await lay('social-security-guarded');
    expect(await run({ kind: 'read' })).toMatchObject({ kind: 'done', reply: { cardNumber: 'D40000033' } });
    expect(card.state.pinTriesLeft).toBe(3);
  });

  it.each([
    ['social-security-contactless', { cardNumber: 'C30000025', holderName: '何玉兰' }],
    ['social-security-guarded', { cardNumber: 'D40000033', holderName: '阿依古丽·买买提依明江阿卜杜热西提' }],
  ])('opens %s', async (id, reply) => {
    const { lay, run } = await simulatedStation({ profiles: withPin() });
    await lay(id);
    expect(await run({ kind: 'read' })).toMatchObject({ kind: 'done', reply });
  });

  it('is said once while the card lies there: a second reading asks to lift it', async () => {
    const { lay, run } = await simulatedStation({ profiles: withPin() });
    await lay('social-security-guarded');
    expect(await run({ kind: 'read' })).toMatchObject({ kind: 'done' });
    expect(await run({ kind: 'read' })).toMatchObject(refusedWithout('idCard.liftAgain'));
    await lay('social-security-guarded');
    expect(await run({ kind: 'read' })).toMatchObject({ kind: 'done', reply: { holderId: '440113190303030041' } });
  });

  it('that is wrong is said once while the card lies there, once to that card ever, and leaves it two tries', async () => {
    const { lay, run, card } = await simulatedStation({ profiles: withPin('123456') });
    await lay('social-security-guarded');
    for (let n = 0; n < 3; n += 1) {
      expect(await run({ kind: 'read' })).toMatchObject({ kind: 'done', reply: { cardNumber: 'D40000033' } });
      expect(card.state.pinTriesLeft).toBe(2);
    }
    await lay('social-security-guarded');
    await run({ kind: 'read' });
    expect(card.state.pinTriesLeft).toBe(2);
  });

  it('never takes the last try but one, also of a card that cannot be told from others', async () => {
    const { lay, run, card } = await simulatedStation({ profiles: withPin('123456') });
    for (let n = 0; n < 5; n += 1) {
      await lay('social-security-contactless');
      expect(await run({ kind: 'read' })).toMatchObject(refusedWithout('card.pinNeeded'));
    }
    expect(card.state.pinTriesLeft).toBe(1);
  });

  it('is not said by a self-test', async () => {
    const { lay, card, driver, clock } = await simulatedStation({ profiles: withPin('123456') });
    await lay('social-security-contactless');
    const lines: string[] = [];
    const test = (async () => {
      for await (const { step, result } of driver.selfTest()) lines.push(`${step} ${result}`);
    })();
    await clock.runUntil(test);
    expect(lines).toEqual(['reader pass', 'profiles pass', 'PSAM pass', 'card pass']);
    expect(card.state.pinTriesLeft).toBe(3);
  });
});

describe('a reader that must see the card lifted', () => {
  it('says so, and reads again once it was', async () => {
    const { lay, run, driver, card, clock } = await simulatedStation({ model: 'contactless-lift-again' });
    await lay('livelihood-chen');
    expect(await run({ kind: 'read' })).toMatchObject({ kind: 'done' });
    expect(driver.status().media).toBe('latched');
    expect(await run({ kind: 'read' })).toMatchObject(refusedWithout('idCard.liftAgain'));
    card.remove();
    await clock.run(10);
    expect(driver.status().media).toBe('notPresent');
    await lay('livelihood-chen');
    expect(await run({ kind: 'read' })).toMatchObject({ kind: 'done' });
  });
});

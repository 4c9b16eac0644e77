import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEffects } from './effects.ts';
import { recover } from './recovery.ts';
import { FakeDevices } from './test-support/fake-devices.ts';
import { eventsOf, seededChance, TestLedgers } from './test-support/test-ledger.ts';

const PRICES = { version: 7, sha256: 'a'.repeat(64) };
const PARKING = { txn: 'op', service: 'parking', amountCents: 960, quote: 'q-1', prices: PRICES } as const;

let ledgers: TestLedgers;
beforeEach(() => {
  ledgers = new TestLedgers();
});
afterEach(() => ledgers.dispose());

it('a charge that a crash cut off is asked about and given back under the prices its first row names', async () => {
  const { clock } = ledgers;
  const devices = new FakeDevices({});
  const ledger = ledgers.open();
  const probe = (point: string): void => {
    if (point === 'charge.answered') throw new Error('killed');
  };
  const effects = createEffects({ ledger, devices, clock, chance: seededChance(3), probe });
  await expect(clock.runUntil(effects.charge(PARKING, new AbortController().signal))).rejects.toThrow('killed');
  const path = ledgers.crashCopy(ledgers.path());
  ledger.close();

  const again = ledgers.open({ path });
  expect(again.txn('op').charge).toMatchObject({ amountCents: 960, prices: PRICES });
  await clock.runUntil(recover({ ledger: again, devices, clock, chance: seededChance(5) }));
  expect(again.txn('op')).toMatchObject({ state: 'reversed', charge: { amountCents: 960, prices: PRICES } });
  expect(eventsOf(again)).toMatchObject([
    { type: 'ChargeAsked', amountCents: 960, prices: PRICES },
    { type: 'ChargeSettled', amountCents: 960, state: 'paid' },
    { type: 'ChargeSettled', amountCents: 960, state: 'reversed' },
  ]);
  again.close();

  const database = new Database(path, { readonly: true });
  const first = database.prepare("SELECT body FROM journal WHERE txn = 'op' ORDER BY seq LIMIT 1").pluck().get();
  database.close();
  expect(JSON.parse(String(first))).toMatchObject({ step: 'charge.intent', amountCents: 960, prices: PRICES });
});

it('a charge without published prices names none, as before there were any', async () => {
  const { clock } = ledgers;
  const ledger = ledgers.open();
  const { prices: _none, ...plain } = PARKING;
  const effects = createEffects({ ledger, devices: new FakeDevices({}), clock, chance: seededChance(3) });
  await clock.runUntil(effects.charge(plain, new AbortController().signal));
  expect(ledger.txn('op').charge).not.toHaveProperty('prices');
  expect(eventsOf(ledger)[0]).not.toHaveProperty('prices');
});

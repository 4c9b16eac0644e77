import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ParkingQuote } from '../../contract/platform-api.schema.ts';
import type { PricesName } from '../../contract/published-content.schema.ts';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import { allow, documentOf, namedKey } from '../../tests/support/test-publisher.ts';
import { batchOf, paid, recordsOf } from '../test-support/ledger.ts';
import { startTestPlatform, type Answer, type TestPlatform } from '../test-support/running-platform.ts';

const CARD = 'c'.repeat(64);
const PLATE = '粤A8K562';
const MINUTE_MS = 60_000;

let platform: TestPlatform;
beforeEach(async () => {
  platform = await startTestPlatform();
});
afterEach(() => platform.close());

async function quote(card = true, plate = PLATE): Promise<ParkingQuote> {
  const body = card ? { plate, cardDigest: CARD } : { plate };
  return (await platform.post('kiosk-1', 'parking/quotes', body)).body as ParkingQuote;
}

type DueQuote = Extract<ParkingQuote, { state: 'due' }>;

async function dueQuote(card = true): Promise<DueQuote> {
  const answer = await quote(card);
  if (answer.state !== 'due') throw new Error(`not due but ${answer.state}`);
  return answer;
}

const told: TerminalEvent[] = [];
beforeEach(() => {
  told.length = 0;
});
/** The terminal's ledger grows by one event, and all of it is sent. */
async function tell(event: TerminalEvent): Promise<unknown> {
  told.push(event);
  return (await platform.sendBatch('kiosk-1', batchOf(recordsOf(told)))).body;
}

describe('pricing a stay', () => {
  it('takes 20 % off with a livelihood card, and says why it is the full price without one', async () => {
    expect(await quote(false)).toMatchObject({ fullCents: 1200, discountCents: 0, dueCents: 1200, why: 'noCard' });
    expect(await quote()).toMatchObject({ fullCents: 1200, discountCents: 240, dueCents: 960, why: 'livelihoodCard' });
  });

  it('finds no car that is not there', async () => {
    expect(await quote(true, '粤A00000')).toEqual({ state: 'notFound' });
  });

  it('gives the same quote when asked again, and the next one when another hour has started', async () => {
    const first = await dueQuote();
    platform.clock.advance(50 * MINUTE_MS);
    expect(await dueQuote()).toEqual({ ...first, parkedMinutes: 175 });
    platform.clock.advance(6 * MINUTE_MS);
    expect(await dueQuote()).toMatchObject({ fullCents: 1600, dueCents: 1280 });
  });

  it.each([
    [0, 400],
    [60, 400],
    [61, 800],
    [180, 1200],
    [181, 1600],
  ])('after %i minutes costs %i cents', async (parkedMinutes, fullCents) => {
    await platform.ops('parking/arrivals', { plate: PLATE, place: 'dafushan-north', parkedMinutes });
    expect(await quote(false)).toMatchObject({ fullCents });
  });
});

const EDITOR = namedKey('price editor');

/** Publishes prices of one car park at so many cents an hour; what a terminal that has them names. */
async function publishPrices(version: number, centsPerStartedHour: number): Promise<PricesName> {
  const name = { 'zh-Hans': '北门', 'zh-Hant': '北門', en: 'North gate' };
  const place = { id: 'dafushan-north', name, centsPerStartedHour, livelihoodDiscountPercent: 50, graceMinutes: 15 };
  const document = documentOf(EDITOR, 'prices', version, { parking: { places: [place] } });
  expect((await platform.ops('documents', document)).status).toBe(204);
  return { version, sha256: createHash('sha256').update(document.body).digest('hex') };
}

async function quoteUnder(prices: PricesName): Promise<Answer> {
  return platform.post('kiosk-1', 'parking/quotes', { plate: PLATE, prices });
}

describe('published prices', () => {
  beforeEach(async () => {
    expect((await platform.ops('delegations', allow(EDITOR, ['prices']))).status).toBe(204);
  });

  it('that a terminal names are those its resident pays, and it is told which they were', async () => {
    const prices = await publishPrices(1, 500);
    expect((await quoteUnder(prices)).body).toMatchObject({ dueCents: 1500, place: { en: 'North gate' }, prices });
    const withCard = await platform.post('kiosk-1', 'parking/quotes', { plate: PLATE, cardDigest: CARD, prices });
    expect(withCard.body).toMatchObject({ fullCents: 1500, discountCents: 750, dueCents: 750, prices });
    expect(await dueQuote(false)).not.toHaveProperty('prices');
  });

  it('that change leave a quote as it is, and what it was charged opens the gate', async () => {
    const before = await publishPrices(1, 500);
    const { quote: id } = (await quoteUnder(before)).body as DueQuote;
    const after = await publishPrices(2, 900);
    expect((await quoteUnder(after)).body).toMatchObject({ dueCents: 2700, prices: after });
    expect((await quoteUnder(before)).body).toMatchObject({ quote: id, dueCents: 1500, prices: before });
    expect(await tell(paid('T1', { quote: id, amountCents: 1500 }))).toMatchObject({ parked: [] });
    expect((await quoteUnder(after)).body).toMatchObject({ state: 'alreadyPaid' });
  });

  it('that the platform does not have price nothing', async () => {
    const prices = await publishPrices(1, 500);
    for (const unknown of [
      { ...prices, version: 2 },
      { ...prices, sha256: 'a'.repeat(64) },
    ])
      expect(await quoteUnder(unknown)).toMatchObject({ status: 409, body: { code: 'prices.unknown' } });
  });
});

describe('paying a stay', () => {
  it('says when it was paid instead of charging again within the grace', async () => {
    const { quote: id } = await dueQuote();
    await tell(paid('T1', { quote: id, at: '2026-01-05T01:14:00.000Z' }));
    platform.clock.advance(10 * MINUTE_MS);
    expect(await quote()).toEqual({ state: 'alreadyPaid', paidAt: '09:14' });
    expect(await quote(false)).toEqual({ state: 'alreadyPaid', paidAt: '09:14' });
    expect((await platform.summary()).payments).toMatchObject([{ trade: 'T1', grace: 'open' }]);
  });

  it('charges only the hours that started since, once the grace is over', async () => {
    const { quote: id } = await dueQuote();
    await tell(paid('T1', { quote: id }));
    platform.clock.advance(40 * MINUTE_MS);
    expect(await quote()).toMatchObject({ state: 'alreadyPaid' });
    platform.clock.advance(60 * MINUTE_MS);
    expect(await quote(false)).toMatchObject({ state: 'due', fullCents: 400 });
  });

  it('takes the grace back when the charge is reversed, and a new trade can pay again', async () => {
    const { quote: id } = await dueQuote();
    await tell(paid('T1', { quote: id }));
    await tell(paid('T1', { quote: id, state: 'reversed' }));
    expect(await dueQuote()).toMatchObject({ quote: id, dueCents: 960 });
    expect(await tell(paid('T2', { quote: id }))).toMatchObject({ parked: [] });
    expect(await quote()).toMatchObject({ state: 'alreadyPaid' });
    expect((await platform.summary()).totals.paidCents).toBe(960);
  });

  it('parks a second payment of the same hours, whichever quote it was for, but counts the money', async () => {
    const withCard = await dueQuote();
    const without = await dueQuote(false);
    await tell(paid('T1', { quote: withCard.quote }));
    expect(await tell(paid('T2', { quote: without.quote, amountCents: 1200 }))).toMatchObject({
      parked: [{ seq: 2, reason: 'charge.stayPaidTwice' }],
    });
    expect((await platform.summary()).totals.paidCents).toBe(2160);
  });

  it('opens no gate for another amount than was quoted', async () => {
    const { quote: id } = await dueQuote();
    expect(await tell(paid('T1', { quote: id, amountCents: 1 }))).toMatchObject({
      parked: [{ seq: 1, reason: 'charge.amountIsNotTheQuoted' }],
    });
    expect(await quote()).toMatchObject({ state: 'due', dueCents: 960 });
  });
});

/** What comes in wrong, from whichever side: it is named, nothing is done twice, and the resident is sent on politely. */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Intent } from '../../contract/intent.schema.ts';
import type { Screen, View } from '../../contract/view.schema.ts';
import type { IdentityRecord } from '../../engine/trust/identity-file.system.ts';
import type { RunningEngine } from '../../scripts/journey/processes.ts';
import { readStation } from '../../scripts/journey/verdict.ts';
import { carArrives, until, viewOf } from '../../scripts/journey/watching.ts';
import { testTerminal } from '../support/test-identity.ts';
import { devicesOf, startRig, visit, type Rig, type Terminal } from '../support/kiosk-rig.ts';

const CLAIM = /^[0-9A-Z]{4}-[0-9A-Z]{4}$/;
const LONG_MS = 320_000;
/**
 * The terminal is asked for a minute before a sale goes to staff. Where noise happens to be an ACK (1 in 256), the wait
 * for the cardholder, two and a half minutes, comes before that.
 */
const DOUBT_PATIENCE_MS = 230_000;

let rig: Rig;
let terminal: Terminal;
let cars = 0;

beforeAll(async () => {
  rig = await startRig();
  [terminal] = rig.terminals as [Terminal];
}, 120_000);
afterEach(async () => {
  await terminal.stop();
  await Promise.all(['card-1', 'receipt-1', 'pay-1'].map((device) => terminal.station.act(device, 'reset')));
});
afterAll(() => rig.close());

async function newCar(): Promise<string> {
  cars += 1;
  const plate = `粤A9${String(cars).padStart(4, '0')}`;
  await carArrives(rig.platformUrl, plate, 125);
  return plate;
}

async function counts() {
  const { charges, saleRequests, receipts } = readStation(await terminal.station.state());
  return { charges, saleRequests, receipts, cases: (await rig.summary()).cases.length };
}

type Kind = Screen['kind'];

async function screenOf<K extends Kind>(engine: RunningEngine, kind: K): Promise<Extract<Screen, { kind: K }>> {
  const isThere = (view: View) => view.screen.kind === kind;
  await until(`page ${kind}`, async () => isThere(await viewOf(engine)));
  return (await viewOf(engine)).screen as Extract<Screen, { kind: K }>;
}

async function touch(engine: RunningEngine, kind: Kind, make: (page: number) => Intent): Promise<void> {
  await screenOf(engine, kind);
  await engine.client.call('send', make((await viewOf(engine)).page));
}

/** Waits until the cardholder is asked for the card, which takes a while in these tests. */
async function whileSaleRuns(engine: RunningEngine, act: () => Promise<void>): Promise<void> {
  await terminal.station.act('pay-1', 'next', { approvalDelayMs: 1_500 });
  await screenOf(engine, 'working');
  await until('the sale runs', async () => (await devicesOf(terminal)).terminal.pending !== null);
  await act();
}

describe('a configuration', () => {
  const SITE = join('sites', 'demo-village.yaml');

  it.each([
    ['a key nobody knows', SITE, 'quietMs:', 'quietMsec:', /patience.*quietMs/],
    ['a wrong port', SITE, /link: *\n? *.*?port: \d+/s, 'link: { kind: vpcd, port: 99999 }', /devices/],
    ['a step that does not exist', join('services', 'parking.yaml'), 'price: fee', 'price: fees', /fees/],
  ])('with %s ends the engine, which names file and key', async (_what, file, from, to, named) => {
    const path = join(terminal.configDir, file);
    const right = readFileSync(path, 'utf8');
    writeFileSync(path, right.replace(from, to));
    expect(readFileSync(path, 'utf8')).not.toBe(right);
    const engine = terminal.start();
    expect(await engine.ended).toBe('1');
    writeFileSync(path, right);
    const { problem } = JSON.parse(engine.stderr()) as { problem: { code: string; detail: string } };
    expect(problem.code).toBe('kiosk.badConfig');
    expect(problem.detail).toContain(file);
    expect(problem.detail).toMatch(named);
  });
});

describe('a payment terminal that talks nonsense', () => {
  it('is asked until it makes sense again; the resident is charged once', async () => {
    const before = await counts();
    const engine = await terminal.open();
    const plate = await newCar();
    const [{ end }] = await Promise.all([
      visit(terminal, engine, { plate }),
      whileSaleRuns(engine, async () => {
        await terminal.station.act('pay-1', 'wire', { garble: true });
        await until('the sale is decided', async () => (await devicesOf(terminal)).terminal.pending === null);
        await terminal.station.act('pay-1', 'wire', { garble: false });
      }),
    ]);
    expect(end).toEqual({ kind: 'left', why: 'goodbye' });
    const after = await counts();
    expect(after).toEqual({
      charges: before.charges + 1,
      saleRequests: before.saleRequests + 1,
      receipts: before.receipts + 1,
      cases: before.cases,
    });
  }, 120_000);

  it(
    'for good becomes a case with a code; nothing is charged twice, and a late answer still reaches the platform',
    async () => {
      const before = await counts();
      const engine = await terminal.open();
      // the sale still runs when noise that happens to be a lone NAK lets the frame be repeated
      await terminal.station.act('pay-1', 'next', { approvalDelayMs: 1_500 });
      await terminal.station.act('pay-1', 'wire', { garble: true });
      const { end, views } = await visit(terminal, engine, { plate: await newCar() }, DOUBT_PATIENCE_MS);
      expect(end.kind).toBe('left');
      const { screen } = views.at(-1) as View;
      expect(screen).toMatchObject({ kind: 'problem', claim: { value: expect.stringMatching(CLAIM) as string } });
      expect(screen).not.toHaveProperty('retry');
      await touch(engine, 'problem', (page) => ({ kind: 'next', page }));
      expect((await visit(terminal, engine, {}, 20_000)).end).toEqual({ kind: 'left', why: 'goodbye' });
      expect(await counts()).toMatchObject({ saleRequests: before.saleRequests + 1, receipts: before.receipts });
      await until('staff hear of it', async () => (await rig.summary()).cases.length === before.cases + 1);

      const payments = (await rig.summary()).payments.length;
      await terminal.station.act('pay-1', 'wire', { garble: false });
      await until('the late answer is told', async () => (await rig.summary()).payments.length === payments + 1);
      expect((await rig.summary()).payments.at(-1)).toMatchObject({ amount_cents: 960, state: 'paid' });
      expect((await counts()).saleRequests).toBe(before.saleRequests + 1);
    },
    LONG_MS,
  );
});

describe('a receipt printer that talks nonsense', () => {
  it(
    'after the payment never prints twice, and the resident leaves with a slip or a code',
    async () => {
      const before = await counts();
      const engine = await terminal.open();
      const plate = await newCar();
      const [{ end, views }] = await Promise.all([
        visit(terminal, engine, { plate }, DOUBT_PATIENCE_MS),
        whileSaleRuns(engine, () => terminal.station.act('receipt-1', 'wire', { garble: true })),
      ]);
      expect(end.kind).toBe('left');
      const { screen } = views.at(-1) as View;
      expect(screen).toMatchObject({ kind: 'problem', claim: { value: expect.stringMatching(CLAIM) as string } });
      await terminal.station.act('receipt-1', 'wire', { garble: false });
      await until('staff hear of it', async () => (await rig.summary()).cases.length === before.cases + 1);
      const after = await counts();
      expect(after).toMatchObject({ charges: before.charges + 1, saleRequests: before.saleRequests + 1 });
      expect(after.receipts - before.receipts).toBeLessThanOrEqual(1);
      expect((await terminal.settledLedger()).states.at(-1)).toBe('flagged');
      expect((await counts()).receipts, 'a start prints nothing').toBe(after.receipts);
    },
    LONG_MS,
  );
});

describe('a card', () => {
  async function layCard(engine: RunningEngine, card: string): Promise<void> {
    await touch(engine, 'attract', (page) => ({ kind: 'choose', page, option: 'zh-Hans' }));
    await touch(engine, 'question', (page) => ({ kind: 'choose', page, option: 'livelihood-card' }));
    await screenOf(engine, 'present-card');
    await terminal.station.act('card-1', 'insert', { card });
  }

  it.each([
    ['nobody knows', 'unknown', {}, 'unknown'],
    ['that answers nonsense', 'livelihood-chen', { garbage: true }, /^un(known|readable)$/],
  ])('%s is said to be so, and home without a card works', async (_what, card, faults, state) => {
    const engine = await terminal.open();
    await terminal.station.act('card-1', 'faults', faults);
    await layCard(engine, card);
    const troubled = async () => {
      const { screen } = await viewOf(engine);
      return screen.kind === 'present-card' && !['waiting', 'reading'].includes(screen.state);
    };
    await until('the card is said to be wrong', troubled);
    const screen = await screenOf(engine, 'present-card');
    expect(screen.state).toMatch(state);
    await terminal.station.act('card-1', 'remove');
    await touch(engine, 'present-card', (page) => ({ kind: 'next', page }));
    const home = await screenOf(engine, 'home');
    expect(home.choices.find(({ id }) => id === 'parking')).toMatchObject({ id: 'parking' });
    expect(home.choices.every(({ unavailable }) => unavailable === undefined)).toBe(true);
  });
});

describe('an Intent', () => {
  it('of no known kind, and whatever else comes through the channel, changes nothing', async () => {
    const engine = await terminal.open();
    const before = await viewOf(engine);
    const { page } = before;
    for (const wrong of [
      { kind: 'open-till', page },
      { kind: 'start' },
      { kind: 'start', page, extra: 1 },
      null,
      'start',
    ]) {
      expect(await engine.client.call('send', wrong as Intent)).toMatchObject({
        ok: false,
        problem: { code: 'kiosk.badMessage' },
      });
    }
    const answer = once(engine.process, 'message');
    engine.process.send({ call: 900_001, method: 'openTill', input: {} });
    expect((await answer)[0]).toMatchObject({ answer: 900_001, problem: { code: 'kiosk.badMessage' } });
    for (const noise of [{}, [], 'noise', 7, { call: 0 }, { answer: 1, value: 'x' }]) engine.process.send(noise);
    expect(await engine.client.call('send', { kind: 'start', page: page + 7 })).toEqual({
      ok: true,
      value: { taken: false },
    });
    const after = await viewOf(engine);
    expect({ ...after, frame: { ...after.frame, clock: '' } }).toEqual({
      ...before,
      frame: { ...before.frame, clock: '' },
    });
  });
});

describe('an identity the platform does not know', () => {
  it('is shown as no network; what happens meanwhile is kept and told later', async () => {
    const { enrolled } = JSON.parse(readFileSync(terminal.identityFile, 'utf8')) as IdentityRecord;
    const wrongFile = join(terminal.dataDir, 'wrong-identity.json');
    const { record } = await testTerminal(terminal.name);
    writeFileSync(wrongFile, JSON.stringify({ ...record, enrolled }));
    const before = await rig.summary();
    const engine = terminal.start({ identityFile: wrongFile });
    await until('tickets can be taken', async () => {
      const { screen } = await viewOf(engine);
      return screen.kind === 'attract' && screen.quick.every(({ unavailable }) => unavailable === undefined);
    });
    expect((await viewOf(engine)).frame.network.state).toBe('offline');
    const { end } = await visit(terminal, engine, { journey: 'ticket' });
    expect(end).toEqual({ kind: 'left', why: 'goodbye' });
    expect((await rig.summary()).totals).toMatchObject({ tickets: before.totals.tickets, quarantined: 0 });
    await terminal.stop();
    await terminal.open();
    await until('it is told', async () => (await rig.summary()).tickets.length === before.tickets.length + 1);
    expect((await rig.summary()).tickets.at(-1)).toMatchObject({ terminal: terminal.name, offline: 1 });
  });
});

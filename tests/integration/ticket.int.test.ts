/** Queue tickets with the line cut: two touches, a leased number, and every record at the platform once, in order. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Intent } from '../../contract/intent.schema.ts';
import type { View } from '../../contract/view.schema.ts';
import type { RunningEngine } from '../../scripts/journey/processes.ts';
import { cutLine, until, viewOf, type PlatformSummary } from '../../scripts/journey/watching.ts';
import { devicesOf, startRig, type Rig, type Terminal } from '../support/kiosk-rig.ts';

const QUEUE = 'civil-affairs';
const TICKETS_EACH = 3;

interface Taken {
  readonly number: string;
  readonly touches: number;
  readonly slip: string;
}

type Touch = (view: View) => Intent;

async function touch(engine: RunningEngine, kind: View['screen']['kind'], make: Touch): Promise<void> {
  await until(kind, async () => (await viewOf(engine)).screen.kind === kind);
  const sent = await engine.client.call('send', make(await viewOf(engine)));
  expect(sent).toEqual({ ok: true, value: { taken: true } });
}

/** Two touches and a slip; then the resident goes without another word. */
async function takeTicket(terminal: Terminal, engine: RunningEngine): Promise<Taken> {
  let touches = 0;
  const choose =
    (option: string): Touch =>
    ({ page }) => {
      touches += 1;
      return { kind: 'choose', page, option };
    };
  await touch(engine, 'attract', choose('ticket'));
  await touch(engine, 'question', choose(QUEUE));
  await until('the slip is out', async () => (await viewOf(engine)).screen.kind === 'take-paper');
  const { screen } = await viewOf(engine);
  const { printer } = await devicesOf(terminal);
  const number = screen.kind === 'take-paper' ? (screen.number ?? '') : '';
  await terminal.station.act('receipt-1', 'take-slip');
  await touch(engine, 'rate', ({ page }) => ({ kind: 'next', page }));
  await touch(engine, 'goodbye', ({ page }) => ({ kind: 'next', page }));
  return { number, touches, slip: printer.slips.at(-1)?.text ?? '' };
}

async function takeMany(terminal: Terminal, engine: RunningEngine): Promise<Taken[]> {
  const taken: Taken[] = [];
  for (let count = 0; count < TICKETS_EACH; count += 1) taken.push(await takeTicket(terminal, engine));
  return taken;
}

/** `A017` lies in a block of its terminal. */
function leasedTo({ blocks }: PlatformSummary, terminal: Terminal, number: string): boolean {
  return blocks.some(
    (block) =>
      block.terminal === terminal.name &&
      block.queue === QUEUE &&
      block.prefix === number[0] &&
      block.first <= Number(number.slice(1)) &&
      Number(number.slice(1)) <= block.last,
  );
}

describe('two terminals with the line cut', () => {
  let rig: Rig;
  let engines: RunningEngine[];
  let taken: Taken[][];
  let whileCut: PlatformSummary;

  beforeAll(async () => {
    rig = await startRig({ terminals: 2 });
    engines = await Promise.all(rig.terminals.map((terminal) => terminal.open()));
    await until('numbers are leased', async () => (await rig.summary()).blocks.length >= 8);
    await cutLine(rig.platformUrl, true);
    for (const engine of engines)
      await until('offline', async () => (await viewOf(engine)).frame.network.state === 'offline');
    taken = await Promise.all(
      rig.terminals.map((terminal, index) => takeMany(terminal, engines[index] as RunningEngine)),
    );
    whileCut = await rig.summary();
    await cutLine(rig.platformUrl, false);
  }, 180_000);
  afterAll(() => rig.close());

  it('give a number for two touches, on a slip that says it was given offline', () => {
    for (const { number, touches, slip } of taken.flat()) {
      expect(touches).toBe(2);
      expect(number).toMatch(/^[A-Z]\d{3}$/);
      expect(slip).toContain(number);
      expect(slip).toContain('离线发出');
    }
    expect(whileCut.tickets, 'nothing has reached the platform yet').toEqual([]);
  });

  it('never give the same number, and only numbers that were leased to them', () => {
    const numbers = taken.flat().map(({ number }) => number);
    expect(new Set(numbers).size).toBe(2 * TICKETS_EACH);
    rig.terminals.forEach((terminal, index) => {
      for (const { number } of taken[index] ?? []) expect(leasedTo(whileCut, terminal, number)).toBe(true);
    });
  });

  it('are heard once each and in their order when the line is mended', async () => {
    await until('all tickets are there', async () => (await rig.summary()).tickets.length >= 2 * TICKETS_EACH);
    await until('everything is told', async () => (await rig.summary()).terminals.every(({ online }) => online));
    for (const terminal of rig.terminals) expect((await terminal.settledLedger()).unsent).toBe(0);
    const summary = await rig.summary();
    expect(summary.totals).toMatchObject({ tickets: 2 * TICKETS_EACH, parked: 0, quarantined: 0 });
    rig.terminals.forEach(({ name }, index) => {
      const heard = summary.tickets.filter(({ terminal }) => terminal === name);
      expect(heard.map(({ number }) => number)).toEqual(taken[index]?.map(({ number }) => number));
      expect(heard.every(({ offline, queue }) => offline === 1 && queue === QUEUE)).toBe(true);
    });
  });
});

/** The parking journey on real processes and wires: money, paper and record, each once, and nothing left of the person. */
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { View } from '../../contract/view.schema.ts';
import type { RunningEngine } from '../../scripts/journey/processes.ts';
import { readStation } from '../../scripts/journey/verdict.ts';
import { until, viewOf, type PlatformSummary } from '../../scripts/journey/watching.ts';
import {
  CHEN,
  devicesOf,
  filesUnder,
  startRig,
  visit,
  type Rig,
  type Terminal,
  type Visit,
} from '../support/kiosk-rig.ts';

const PERSONAL = [CHEN.name, CHEN.cardNumber, CHEN.idNumber, CHEN.plate];
const PNG_SIGNATURE = '89504e470d0a1a0a';
/** 2 h 5 min at 4 yuan a started hour, less 20 %. */
const DUE_CENTS = 960;

/** Which of the person's strings stand in these bytes, in UTF-8 or as cards and printers write them. */
function personalIn(bytes: Buffer): readonly string[] {
  return PERSONAL.filter((text) => bytes.includes(text) || bytes.includes(iconv.encode(text, 'gbk')));
}

describe('parking over TCP', () => {
  let rig: Rig;
  let terminal: Terminal;
  let engine: RunningEngine;
  let visited: Visit;
  let summary: PlatformSummary;
  let afterwards: View;

  beforeAll(async () => {
    rig = await startRig();
    [terminal] = rig.terminals as [Terminal];
    engine = await terminal.open();
    visited = await visit(terminal, engine, {});
    await until('the payment is at the platform', async () => (await rig.summary()).payments.length > 0);
    const { page } = await viewOf(engine);
    await engine.client.call('send', { kind: 'next', page });
    await until('the next person is greeted', async () => (await viewOf(engine)).screen.kind === 'attract');
    afterwards = await viewOf(engine);
    summary = await rig.summary();
  }, 120_000);
  afterAll(() => rig.close());

  it('ends with goodbye, one charge and one slip', async () => {
    expect(visited.end).toEqual({ kind: 'left', why: 'goodbye' });
    expect(readStation(await terminal.station.state())).toMatchObject({ charges: 1, saleRequests: 1, receipts: 1 });
  });

  it('is at the platform exactly once, and the car may leave', () => {
    expect(summary.totals).toMatchObject({ payments: 1, parked: 0, quarantined: 0 });
    expect(summary.payments).toMatchObject([
      { terminal: terminal.name, amount_cents: DUE_CENTS, state: 'paid', grace: 'open' },
    ]);
    expect(summary.cases).toEqual([]);
  });

  it('prints a slip with the masked name and the amount, and nothing in clear', async () => {
    const { printer } = await devicesOf(terminal);
    const [slip] = printer.slips;
    expect(slip).toMatchObject({ number: 1, place: 'taken' });
    expect(slip?.text).toMatch(/陈\*\*/);
    expect(slip?.text).toMatch(/9\.60/);
    expect(slip?.text).toContain('粤A·8**62');
    expect(PERSONAL.filter((text) => slip?.text.includes(text))).toEqual([]);
    expect(slip?.text, 'no whole bank card either').not.toMatch(/\d{13,19}(?!\d)/);
  });

  it('has a picture of the slip', async () => {
    const response = await fetch(`${terminal.stationUrl}/api/receipt-1/slips/1.png`);
    expect(response.headers.get('content-type')).toBe('image/png');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.subarray(0, 8).toString('hex')).toBe(PNG_SIGNATURE);
    expect(bytes.length).toBeGreaterThan(2_000);
  });

  it('shows nothing in clear on any page, and nothing at all of the person afterwards', () => {
    expect(visited.views.length).toBeGreaterThan(10);
    expect(visited.views.flatMap((view) => personalIn(Buffer.from(JSON.stringify(view))))).toEqual([]);
    expect(JSON.stringify(afterwards)).not.toMatch(/陈|8\*\*62|9\.60/);
  });

  it('leaves nothing of the person in any file, while it runs and after it ended', async () => {
    const leaks = () =>
      filesUnder(terminal.dataDir).flatMap(({ path, bytes }) => personalIn(bytes).map((text) => `${text} in ${path}`));
    const names = filesUnder(terminal.dataDir).map(({ path }) => path.slice(terminal.dataDir.length + 1));
    expect(names).toEqual(expect.arrayContaining(['kiosk/ledger.db', 'kiosk/ledger.db-wal', 'kiosk/black-box.log']));
    expect(names).toContain('log/station.log');
    expect(leaks()).toEqual([]);
    const ledger = await terminal.settledLedger();
    expect(leaks()).toEqual([]);
    expect(ledger.states).toEqual(['delivered']);
    expect(engine.stderr()).toBe('');
  });
});

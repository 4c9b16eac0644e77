/** What the office publishes at a keyboard, on a running kiosk with real processes and wires: shown, paid, and written down. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemChance, systemClock } from '../../contract/clock.system.ts';
import type { RunningEngine } from '../../scripts/journey/processes.ts';
import { until, viewOf } from '../../scripts/journey/watching.ts';
import { publish } from '../../scripts/publish/publish.ts';
import { startRig, visit, type Rig, type Terminal } from '../support/kiosk-rig.ts';

const WORDS = { 'zh-Hans': '今天停水', 'zh-Hant': '今日停水', en: 'No water today' };
const LONG = { from: '2020-01-01T00:00:00+08:00', until: '2120-01-01T00:00:00+08:00' };
const PLACE = {
  id: 'dafushan-north',
  name: { 'zh-Hans': '北门', 'zh-Hant': '北門', en: 'North gate' },
  ...{ centsPerStartedHour: 500, livelihoodDiscountPercent: 20, graceMinutes: 15 },
};
/** Three started hours, less 20 %. */
const DUE_CENTS = 1_200;

let rig: Rig;
let terminal: Terminal;
let engine: RunningEngine;

async function run(...words: readonly string[]): Promise<void> {
  const said: string[] = [];
  const around = { clock: systemClock, chance: systemChance, fetch, say: (line: string) => void said.push(line) };
  const at = ['--platform', rig.platformUrl, '--key', join(terminal.dataDir, 'editor-key.json')];
  expect(await publish([...words, ...at], around), said.join('\n')).toBe(0);
}

async function put(channel: string, content: unknown): Promise<void> {
  const file = join(terminal.dataDir, `${channel}.json`);
  writeFileSync(file, JSON.stringify(content));
  await run(channel, file);
  for (const _ring of [2, 3]) await run('advance', channel, '1');
}

beforeAll(async () => {
  rig = await startRig();
  [terminal] = rig.terminals as [Terminal];
  engine = await terminal.open();
  const root = join(dirname(terminal.dataDir), 'central', 'platform', 'offline-root.json');
  await run('allow', 'prices,announce', '--root', root);
}, 120_000);
afterAll(() => rig.close());

it('is on the glass, and is what is charged; the charge’s first row names the prices', async () => {
  await put('prices', { parking: { places: [PLACE] } });
  await put('announce', { announcements: [{ ...LONG, words: WORDS }] });
  await until('the announcement is shown', async () => 'announcement' in (await viewOf(engine)).screen);
  expect((await viewOf(engine)).screen).toMatchObject({ kind: 'attract', announcement: WORDS['zh-Hans'] });

  const { end } = await visit(terminal, engine, {});
  expect(end).toEqual({ kind: 'left', why: 'goodbye' });
  await until('the payment is at the platform', async () => (await rig.summary()).payments.length > 0);
  const summary = await rig.summary();
  expect(summary.totals).toMatchObject({ payments: 1, parked: 0, quarantined: 0 });
  expect(summary.payments).toMatchObject([{ amount_cents: DUE_CENTS, state: 'paid', grace: 'open' }]);

  await terminal.settledLedger();
  const ledger = new Database(join(terminal.dataDir, 'kiosk', 'ledger.db'), { readonly: true });
  const body = ledger.prepare("SELECT body FROM journal WHERE step = 'charge.intent'").pluck().get();
  const active = ledger.prepare("SELECT version, sha256 FROM publication WHERE channel = 'prices'").get();
  ledger.close();
  expect(JSON.parse(String(body))).toMatchObject({ amountCents: DUE_CENTS, prices: active });
}, 120_000);

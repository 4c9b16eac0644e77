/** A village without a line for days: a stick carries what waits, and a receipt comes back (needs M11, variant of A08). */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../contract/clock.system.ts';
import type { CourierReceipt } from '../../contract/courier.schema.ts';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import { openLedger, type Ledger } from '../../engine/ledger/ledger.ts';
import { createPlatformClient } from '../../engine/sync/platform-client.ts';
import { createUplink } from '../../engine/sync/uplink.ts';
import { sealPersonal } from '../../engine/trust/sealing.ts';
import {
  startTestPlatform,
  TERMINALS,
  type TerminalName,
  type TestPlatform,
} from '../../platform/test-support/running-platform.ts';
import { courier } from '../../scripts/courier/courier.ts';
import { TEST_PLATFORM_KEYRING, testTerminal } from '../support/test-identity.ts';

const MARK = 'MARKED-陈小明';
const HOUR_MS = 3_600_000;

let platform: TestPlatform;
let folder: string;
beforeEach(async () => {
  platform = await startTestPlatform();
  folder = mkdtempSync(join(tmpdir(), 'courier-'));
});
afterEach(async () => {
  await platform.close();
  rmSync(folder, { recursive: true });
});

const at = () => new Date(platform.clock.wallMs()).toISOString();
const inFolder = (name: string) => join(folder, name);
const dataOf = (terminal: TerminalName) => inFolder(terminal);

/** Opens, works, closes: the courier needs the database for himself. */
async function withLedger<Value>(
  terminal: TerminalName,
  work: (ledger: Ledger) => Value | Promise<Value>,
): Promise<Value> {
  const dir = dataOf(terminal);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'identity.json'), JSON.stringify(TERMINALS[terminal].record));
  const files = { path: join(dir, 'ledger.db'), blackBoxPath: join(dir, 'black-box.log') };
  const opened = openLedger({ ...files, clock: platform.clock, chance: systemChance });
  if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
  try {
    return await work(opened.value);
  } finally {
    opened.value.close();
  }
}

/** Three days alone: ratings, a paid transaction an hour, a form a day. The same for every terminal. */
async function threeDaysAlone(terminal: TerminalName): Promise<void> {
  const { identity } = TERMINALS[terminal];
  await withLedger(terminal, async (ledger) => {
    for (let hour = 0; hour < 72; hour += 1) {
      ledger.record([rated(1 + (hour % 5)), rated(5)]);
      takeMoney(ledger);
      if (hour % 24 === 0) await handIn(ledger, identity);
      platform.clock.advance(HOUR_MS);
    }
  });
}

function rated(stars: number): TerminalEvent {
  return { type: 'Rated', at: at(), service: 'parking', stars };
}

function takeMoney(ledger: Ledger): void {
  const operation = ledger.newOperation();
  const trade = ledger.newTrade().trade;
  const sale = { trade, service: 'parking', amountCents: 960 };
  ledger.append(operation, { step: 'charge.intent', echo: '0001', ...sale }, [
    { type: 'ChargeAsked', at: at(), operation, ...sale },
  ]);
  ledger.append(operation, { step: 'charge.paid' }, [
    { type: 'ChargeSettled', at: at(), operation, ...sale, state: 'paid' },
  ]);
}

async function handIn(ledger: Ledger, identity: (typeof TERMINALS)[TerminalName]['identity']): Promise<void> {
  const operation = ledger.newOperation();
  const sealer = { provider: identity.provider, chance: systemChance, key: identity.platform.agreement };
  const { commitment, sealed } = await sealPersonal(sealer, { name: MARK });
  const what = { service: 'subsidy', form: 'application', formVersion: '3', personal: commitment };
  ledger.submit(
    operation,
    { step: 'form.submitted', ...what },
    { type: 'FormSubmitted', at: at(), operation, ...what },
    sealed,
  );
}

async function sendByLine(terminal: TerminalName): Promise<void> {
  await withLedger(terminal, async (ledger) => {
    const { identity } = TERMINALS[terminal];
    const { url, clock } = platform;
    const client = createPlatformClient({ baseUrl: url, identity, clock, chance: systemChance, fetch });
    const outbox = { ...ledger.outbox, incarnation: ledger.incarnation };
    const uplink = createUplink({ outbox, client, clock, chance: systemChance, streams: ['ledger', 'audit'] });
    await uplink.flush();
  });
}

const unsent = (terminal: TerminalName) =>
  withLedger(terminal, ({ outbox }) => ({
    ledger: outbox.unacknowledged('ledger'),
    audit: outbox.unacknowledged('audit'),
  }));

async function run(...argv: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const lines: string[] = [];
  const { clock } = platform;
  const code = await courier(argv, { clock, chance: systemChance, fetch, say: (line) => lines.push(line) });
  return { code, said: lines.join('\n') };
}

const exportFrom = (terminal: TerminalName, to: string) => run('export', inFolder(to), '--data', dataOf(terminal));
const importFile = (from: string, receipt: string) =>
  run('import', inFolder(from), inFolder(receipt), '--platform', platform.url);
const confirmAt = (terminal: TerminalName, from: string) => run('confirm', inFolder(from), '--data', dataOf(terminal));

/** What the platform knows of its one terminal, whatever its name is and whenever it was heard. */
async function known() {
  const { payments, totals, ratings } = await platform.summary();
  const shown = payments.map(({ service, amount_cents, state, settled_at }) => ({
    service,
    amount_cents,
    state,
    settled_at,
  }));
  const { records: _withAudit, ...sums } = totals;
  return { shown, sums, ratings };
}

describe('a courier', () => {
  it('brings the platform to the same state as the line does, and the terminal hears of it', async () => {
    await threeDaysAlone('kiosk-1');
    await sendByLine('kiosk-1');
    const byLine = await known();
    expect(byLine.sums).toMatchObject({ payments: 72, paidCents: 72 * 960, parked: 0, quarantined: 0 });

    await platform.close();
    platform = await startTestPlatform();
    await threeDaysAlone('kiosk-2');
    expect((await exportFrom('kiosk-2', 'bundle')).said).toMatch(/^292 records of kiosk-2 are in /);
    expect((await importFile('bundle', 'receipt')).code).toBe(0);
    expect(await known()).toEqual(byLine);

    expect((await confirmAt('kiosk-2', 'receipt')).said).toMatch(/^292 more records/);
    expect(await unsent('kiosk-2')).toEqual({ ledger: 0, audit: 1 });
    await sendByLine('kiosk-2');
    expect(await unsent('kiosk-2')).toEqual({ ledger: 0, audit: 0 });
    expect((await known()).sums).toMatchObject({ parked: 0, quarantined: 0 });
  }, 60_000);

  it('may come twice, to the platform and back, and change nothing', async () => {
    await threeDaysAlone('kiosk-1');
    await exportFrom('kiosk-1', 'bundle');
    await importFile('bundle', 'receipt');
    const before = await known();
    expect((await importFile('bundle', 'again')).code).toBe(0);
    expect(await known()).toEqual(before);
    await confirmAt('kiosk-1', 'receipt');
    const after = await unsent('kiosk-1');
    expect((await confirmAt('kiosk-1', 'receipt')).said).toMatch(/^0 more records/);
    expect((await confirmAt('kiosk-1', 'again')).said).toMatch(/^0 more records/);
    expect(await unsent('kiosk-1')).toEqual(after);
  }, 60_000);

  it('who is overtaken by the line changes nothing; one who comes late with an old receipt takes nothing back', async () => {
    await threeDaysAlone('kiosk-1');
    await exportFrom('kiosk-1', 'bundle');
    await withLedger('kiosk-1', (ledger) => void ledger.record([rated(4)]));
    await sendByLine('kiosk-1');
    const before = await known();
    await importFile('bundle', 'receipt');
    expect(await known()).toEqual(before);
    expect((await confirmAt('kiosk-1', 'receipt')).code).toBe(0);
    expect((await unsent('kiosk-1')).ledger).toBe(0);
  }, 60_000);

  it('carries nothing that its finder could read, and nothing that only the line may see', async () => {
    await threeDaysAlone('kiosk-1');
    await exportFrom('kiosk-1', 'bundle');
    const file = readFileSync(inFolder('bundle'), 'utf8');
    const sealed = Buffer.from((JSON.parse(file) as { sealed: string }).sealed, 'base64');
    for (const shown of [MARK, 'ChargeSettled', 'parking', 'amountCents'])
      expect(`${file}${sealed.toString('latin1')}`).not.toContain(shown);
  }, 60_000);

  it('with a second bundle brings what came after the first', async () => {
    await threeDaysAlone('kiosk-1');
    await exportFrom('kiosk-1', 'first');
    await withLedger('kiosk-1', (ledger) => void ledger.record([rated(1)]));
    await exportFrom('kiosk-1', 'second');
    await importFile('first', 'receipt-1');
    await importFile('second', 'receipt-2');
    await confirmAt('kiosk-1', 'receipt-2');
    expect((await confirmAt('kiosk-1', 'receipt-1')).said).toMatch(/^0 more records/);
    expect((await unsent('kiosk-1')).ledger).toBe(0);
  }, 60_000);
});

describe('a file that is not right', () => {
  const alter = (name: string, change: (file: Record<string, string>) => object | string) => {
    const changed = change(JSON.parse(readFileSync(inFolder(name), 'utf8')) as Record<string, string>);
    writeFileSync(inFolder(`${name}-altered`), typeof changed === 'string' ? changed : JSON.stringify(changed));
  };
  async function prepare(): Promise<void> {
    await withLedger('kiosk-1', (ledger) => {
      ledger.record([rated(5)]);
      takeMoney(ledger);
    });
    await withLedger('kiosk-2', (ledger) => void ledger.record([rated(5)]));
    await exportFrom('kiosk-1', 'bundle');
  }
  const flip = (text = '') => `${text.slice(0, 200)}${text[200] === 'A' ? 'B' : 'A'}${text.slice(201)}`;

  it.each<[string, (file: Record<string, string>) => object | string, RegExp]>([
    ['cut off', (file) => JSON.stringify(file).slice(0, -9), /cut off or damaged/],
    ['with one changed byte', (file) => ({ ...file, sealed: flip(file['sealed']) }), /changed on its way/],
    ['under another terminal’s name', (file) => ({ ...file, terminal: 'kiosk-2' }), /No terminal is enrolled here/],
    ['of a terminal nobody enrolled', (file) => ({ ...file, terminal: 'kiosk-9' }), /No terminal is enrolled here/],
    ['of another kind', () => ({ hello: 1 }), /no bundle of a terminal/],
  ])('%s is not taken by the platform, says what to do, and changes nothing', async (_what, change, said) => {
    await prepare();
    alter('bundle', change);
    const answer = await importFile('bundle-altered', 'receipt');
    expect(answer.code).toBe(1);
    expect(answer.said).toMatch(said);
    expect((await platform.summary()).totals.records).toBe(0);
  });

  it('of a suspended terminal is not taken', async () => {
    await prepare();
    await platform.ops('terminals/kiosk-1/suspend', {});
    expect((await importFile('bundle', 'receipt')).said).toContain('terminal.suspended');
    expect((await platform.summary()).totals.records).toBe(0);
  });

  it('that comes back damaged, forged, or to the wrong terminal moves nothing there', async () => {
    await prepare();
    await importFile('bundle', 'receipt');
    const waiting = await unsent('kiosk-1');
    alter('receipt', (file) => ({ ...file, body: (file['body'] ?? '').replace('"seq":', '"seq":9') }));
    expect(await confirmAt('kiosk-1', 'receipt-altered')).toMatchObject({
      code: 1,
      said: expect.stringContaining('KP-3015') as string,
    });
    const stranger = await testTerminal('stranger');
    const { body } = JSON.parse(readFileSync(inFolder('receipt'), 'utf8')) as CourierReceipt;
    const forged = {
      body,
      keyId: TEST_PLATFORM_KEYRING.public.signing.keyId,
      signature: await stranger.identity.sign(body),
    };
    writeFileSync(inFolder('forged'), JSON.stringify({ format: 'livelihood-kiosk receipt 1', ...forged }));
    expect(await confirmAt('kiosk-1', 'forged')).toMatchObject({ code: 1 });
    expect(await unsent('kiosk-1')).toEqual(waiting);
    const others = await unsent('kiosk-2');
    expect((await confirmAt('kiosk-2', 'receipt')).said).toContain('it is for the terminal kiosk-1');
    expect(await unsent('kiosk-2')).toEqual(others);
  });

  it('is not made while the kiosk runs, and says so', async () => {
    await withLedger('kiosk-1', async () => {
      const answer = await exportFrom('kiosk-1', 'bundle');
      expect(answer).toMatchObject({ code: 1, said: expect.stringContaining('Stop the kiosk first') as string });
    });
  });

  it('is not asked for without saying where', async () => {
    expect((await run('export')).code).toBe(64);
    expect((await run('import', 'x', 'y')).said).toContain('usage:');
    expect((await run('confirm', 'x', '--nonsense')).code).toBe(64);
  });
});

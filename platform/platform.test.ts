import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './database/open-database.ts';
import { signedHeaders } from '../tests/support/test-identity.ts';
import { batchOf, headOf, paid, recordsOf } from './test-support/ledger.ts';
import { startTestPlatform, TERMINALS, type TestPlatform } from './test-support/running-platform.ts';

let platform: TestPlatform;
beforeEach(async () => {
  platform = await startTestPlatform();
});
afterEach(() => platform.close());

describe('what is too large or unreadable', () => {
  it('is refused in the contract’s shape', async () => {
    const large = await platform.post('kiosk-1', 'parking/quotes', { plate: 'x'.repeat(10_000) });
    expect(large).toMatchObject({ status: 413, body: { code: 'tooLarge' } });
    const path = '/v1/terminals/kiosk-1/parking/quotes';
    const nowMs = platform.clock.wallMs();
    const headers = await signedHeaders(TERMINALS['kiosk-1'].identity, { path, body: '{' }, { nowMs });
    const unreadable = await fetch(`${platform.url}${path}`, { method: 'POST', headers, body: '{' });
    expect([unreadable.status, await unreadable.json()]).toMatchObject([400, { code: 'unreadable' }]);
    expect((await fetch(`${platform.url}/nowhere`)).status).toBe(404);
  });
});

describe('the cut line', () => {
  it('hangs up on terminals, known or not, while operations still answer', async () => {
    await platform.ops('line', { cut: true });
    await expect(platform.post('kiosk-1', 'heartbeat')).rejects.toThrow('fetch failed');
    const anybody = fetch(`${platform.url}/v1/terminals/kiosk-9/heartbeat`, { method: 'POST' });
    await expect(anybody).rejects.toThrow('fetch failed');
    await expect(fetch(`${platform.url}/v1/enrol`, { method: 'POST' })).rejects.toThrow('fetch failed');
    expect((await platform.summary()).lineCut).toBe(true);
    await platform.ops('line', { cut: false });
    expect((await platform.post('kiosk-1', 'heartbeat')).status).toBe(200);
  });
});

describe('operations', () => {
  it('answer no page of another site, and no name that was bound to this machine', async () => {
    const foreign = await fetch(`${platform.url}/v1/ops/line`, {
      method: 'POST',
      headers: { origin: 'http://elsewhere.example', 'content-type': 'application/json' },
      body: '{"cut":true}',
    });
    expect(foreign.status).toBe(403);
    expect((await platform.summary()).lineCut).toBe(false);
  });

  it('show the fleet without a plate or a card, and with everything escaped', async () => {
    const event = paid('T1', { service: '<script>', cardMasked: '622202******1234', reference: '123456789012' });
    await platform.sendBatch('kiosk-1', batchOf(recordsOf([event])));
    const page = await (await fetch(`${platform.url}/today`)).text();
    expect(page).toContain('&#60;script&#62;');
    expect(page).toContain('9.60');
    for (const secret of ['<script', '粤A8K562', '622202']) expect(page).not.toContain(secret);
  });
});

describe('the platform’s file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'platform-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('holds what was acknowledged when it is opened again, and goes on from there', async () => {
    const file = join(folder, 'platform.sqlite');
    const records = recordsOf([paid('T1'), paid('T2')]);
    const first = await startTestPlatform(file);
    await first.sendBatch('kiosk-1', batchOf(records, 1, 1));
    await first.close();
    const second = await startTestPlatform(file);
    expect((await second.sendBatch('kiosk-1', batchOf(records, 2, 2))).body).toMatchObject({ head: headOf(records) });
    expect((await second.summary()).totals).toMatchObject({ records: 2, paidCents: 1920 });
    await second.close();
  });

  it('remembers who is enrolled and who is suspended', async () => {
    const file = join(folder, 'platform.sqlite');
    const first = await startTestPlatform(file);
    await first.ops('terminals/kiosk-1/suspend', {});
    await first.close();
    const second = await startTestPlatform(file, []);
    expect(await second.post('kiosk-1', 'heartbeat')).toMatchObject({
      status: 403,
      body: { code: 'terminal.suspended' },
    });
    expect(await second.post('kiosk-2', 'heartbeat')).toMatchObject({ status: 200 });
    await second.close();
  });

  it('is refused when a newer release wrote it', () => {
    const file = join(folder, 'newer.sqlite');
    const sqlite = new SqliteDatabase(file);
    sqlite.pragma('user_version = 9999');
    sqlite.close();
    return expect(openDatabase({ sqlitePath: file })).rejects.toThrow('newer');
  });
});

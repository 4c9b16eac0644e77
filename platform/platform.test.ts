import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './database/open-database.ts';
import { batchOf, headOf, paid, recordsOf } from './test-support/ledger.ts';
import { startTestPlatform, TOKENS, type TestPlatform } from './test-support/running-platform.ts';

let platform: TestPlatform;
beforeEach(async () => {
  platform = await startTestPlatform();
});
afterEach(() => platform.close());

function heartbeat(path: string, authorization?: string): Promise<Response> {
  const headers = authorization === undefined ? {} : { authorization };
  return fetch(`${platform.url}/v1/terminals/${path}/heartbeat`, { method: 'POST', headers });
}

describe('who may speak', () => {
  const right = `Kiosk kiosk-1:${TOKENS['kiosk-1']}`;

  it.each([
    ['no header', undefined],
    ['another scheme', `Bearer ${TOKENS['kiosk-1']}`],
    ['a wrong token', `${right}x`],
    ['the token of another terminal', `Kiosk kiosk-1:${TOKENS['kiosk-2']}`],
    ['a terminal nobody knows', `Kiosk kiosk-9:${TOKENS['kiosk-1']}`],
  ])('is refused with 401: %s', async (_name, authorization) => {
    const answer = await heartbeat('kiosk-1', authorization);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'terminal.notAuthorised' });
  });

  it('is refused with 403 at the address of another terminal', async () => {
    expect((await heartbeat('kiosk-2', right)).status).toBe(403);
    expect((await heartbeat('kiosk-1', right)).status).toBe(200);
  });
});

describe('what is too large or unreadable', () => {
  it('is refused in the contract’s shape', async () => {
    const large = await platform.post('kiosk-1', 'parking/quotes', { plate: 'x'.repeat(10_000) });
    expect(large).toMatchObject({ status: 413, body: { code: 'tooLarge' } });
    const headers = { authorization: `Kiosk kiosk-1:${TOKENS['kiosk-1']}`, 'content-type': 'application/json' };
    const address = `${platform.url}/v1/terminals/kiosk-1/parking/quotes`;
    const unreadable = await fetch(address, { method: 'POST', headers, body: '{' });
    expect([unreadable.status, await unreadable.json()]).toMatchObject([400, { code: 'unreadable' }]);
    expect((await fetch(`${platform.url}/nowhere`)).status).toBe(404);
  });
});

describe('the cut line', () => {
  it('hangs up on terminals, known or not, while operations still answer', async () => {
    await platform.ops('line', { cut: true });
    await expect(platform.post('kiosk-1', 'heartbeat')).rejects.toThrow('fetch failed');
    await expect(heartbeat('kiosk-9')).rejects.toThrow('fetch failed');
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

  it('show the fleet without a plate, a card or a token, and with everything escaped', async () => {
    const event = paid('T1', { service: '<script>', cardMasked: '622202******1234', reference: '123456789012' });
    await platform.sendBatch('kiosk-1', batchOf(recordsOf([event])));
    const page = await (await fetch(platform.url)).text();
    expect(page).toContain('&#60;script&#62;');
    expect(page).toContain('9.60');
    for (const secret of ['<script', '粤A8K562', '622202', TOKENS['kiosk-1']]) expect(page).not.toContain(secret);
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

  it('holds no token, and no terminal that is no longer listed may speak', async () => {
    const file = join(folder, 'platform.sqlite');
    const first = await startTestPlatform(file);
    await first.close();
    const bytes = await readFile(file, 'latin1');
    expect(bytes).toContain('kiosk-1');
    expect(bytes).not.toContain(TOKENS['kiosk-1']);
    const second = await startTestPlatform(file, ['kiosk-2']);
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
    expect(() => openDatabase(file)).toThrow('newer');
  });
});

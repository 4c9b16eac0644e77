import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signedHeaders } from '../../tests/support/test-identity.ts';
import { batchOf, caseOpened, paid, printed, recordsOf, type Records } from '../test-support/ledger.ts';
import { startTestPlatform, TERMINALS, type TestPlatform } from '../test-support/running-platform.ts';

let platform: TestPlatform;
beforeEach(async () => {
  platform = await startTestPlatform();
});
afterEach(() => platform.close());

const CODE = 'AB12-CD34';

async function page(path: string): Promise<string> {
  const response = await fetch(`${platform.url}${path}`);
  expect([path, response.status]).toEqual([path, 200]);
  return response.text();
}

async function submit(
  path: string,
  fields: Record<string, string>,
): Promise<{ status: number; to: string | null; text: string }> {
  const response = await fetch(`${platform.url}${path}`, {
    method: 'POST',
    headers: { origin: platform.url },
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  return { status: response.status, to: response.headers.get('location'), text: await response.text() };
}

async function openACase(): Promise<Records> {
  const records = recordsOf([paid('T1'), printed('J1', 'notPrinted'), caseOpened(CODE, 'T1')]);
  await platform.sendBatch('kiosk-1', batchOf(records));
  return records;
}

describe('a case', () => {
  it('is found by the code as a resident reads it out', async () => {
    await openACase();
    for (const said of ['AB12-CD34', 'ab12cd34', 'AB I2 CD34', ' ab12-cd34 '])
      expect(await page(`/cases?code=${encodeURIComponent(said)}`)).toContain(`/cases/kiosk-1/${CODE}`);
    expect(await page('/cases?code=ZZZZ-ZZZZ')).not.toContain(CODE);
  });

  it('shows what the machine told of its operation, and nothing of another', async () => {
    await openACase();
    const text = await page(`/cases/kiosk-1/${CODE}`);
    expect(text).toContain('charge 已收 paid · 9.60 · T1');
    expect(text).toContain('case opened');
    expect(text).not.toContain('J1');
  });

  it('is taken, closed once with who and how, and gone from the list', async () => {
    await openACase();
    expect(await submit(`/cases/kiosk-1/${CODE}/take`, { by: 'w17' })).toMatchObject({
      status: 303,
      to: `/cases/kiosk-1/${CODE}`,
    });
    expect(await page('/cases')).toContain('w17');
    const how = { by: 'w17', outcome: 'refunded', note: 'cash over the counter' };
    expect(await submit(`/cases/kiosk-1/${CODE}/close`, how)).toMatchObject({ status: 303 });
    expect(await page('/cases')).not.toContain(CODE);
    const closed = await page(`/cases/kiosk-1/${CODE}`);
    for (const word of ['w17', 'settled: refunded', 'cash over the counter']) expect(closed).toContain(word);
    const again = await submit(`/cases/kiosk-1/${CODE}/close`, { ...how, by: 'w18' });
    expect([again.status, again.text.includes('it is settled already')]).toEqual([409, true]);
    expect(await page(`/cases/kiosk-1/${CODE}`)).not.toContain('w18');
  });

  it('stays as a person closed it when the machine tells another end later, and the record is held up', async () => {
    const records = recordsOf([caseOpened(CODE, 'T2'), paid('T2')]);
    await platform.sendBatch('kiosk-1', batchOf(records, 1, 1));
    await platform.ops(`cases/kiosk-1/${CODE}/close`, { by: 'w17', outcome: 'cancelled', note: 'nothing was charged' });
    const answer = await platform.sendBatch('kiosk-1', batchOf(records, 2, 2));
    expect(answer.body).toMatchObject({ parked: [{ seq: 2, reason: 'charge.paidAfterCase-cancelled' }] });
    expect(await page(`/cases/kiosk-1/${CODE}`)).toContain('settled: not charged');
    expect(await page('/?only=record.parked')).toContain('/terminals/kiosk-1');
  });

  it('says on the page what is wrong with a form, and is not changed by it', async () => {
    await openACase();
    for (const fields of [
      { by: 'w17', outcome: 'lost', note: 'x' },
      { by: 'w17', outcome: 'reversed', note: '' },
      { by: '<b>', outcome: 'reversed', note: 'x' },
    ]) {
      const answer = await submit(`/cases/kiosk-1/${CODE}/close`, fields);
      expect([answer.status, answer.text.includes('class="problem"')]).toEqual([422, true]);
    }
    expect(await page('/cases')).toContain(CODE);
  });
});

describe('what staff ask of a terminal', () => {
  const command = { kind: 'selfTest', device: 'receipt-printer' };

  async function heard(terminal: 'kiosk-1' | 'kiosk-2' = 'kiosk-1'): Promise<unknown> {
    const { body } = await platform.post(terminal, 'heartbeat');
    return (body as { operations?: unknown }).operations;
  }

  it('is told to it alone, again and again, until it has answered', async () => {
    const asked = await platform.ops('terminals/kiosk-1/operations', { by: 'w17', command, expiresInMinutes: 60 });
    const { operation } = asked.body as { operation: string };
    expect(await heard('kiosk-2')).toBeUndefined();
    for (let time = 0; time < 2; time++) expect(await heard()).toMatchObject([{ operation, command }]);
    const done = recordsOf([
      {
        type: 'Audit',
        at: '2026-01-05T00:00:00.000Z',
        actor: 'engine',
        action: 'operation.done',
        target: operation,
        detail: 'passed',
      },
    ]);
    await platform.post('kiosk-1', 'streams/audit/batches', batchOf(done));
    await platform.clock.run(10_000);
    await until(async () => (await heard()) === undefined);
    expect(await page('/terminals/kiosk-1')).toContain('passed');
  });

  it('is told no more when its time is over', async () => {
    await platform.ops('terminals/kiosk-1/operations', { by: 'w17', command, expiresInMinutes: 1 });
    expect(await heard()).toHaveLength(1);
    platform.clock.advance(60_000);
    expect(await heard()).toBeUndefined();
  });

  it('is one thing when a form is sent twice in one breath', async () => {
    for (let time = 0; time < 2; time++)
      expect(
        await submit('/terminals/kiosk-1/operations', { by: 'w17', kind: 'restartApp', device: '' }),
      ).toMatchObject({ status: 303 });
    expect(await heard()).toMatchObject([{ command: { kind: 'restartApp' } }]);
  });

  it('is of a closed set', async () => {
    const shell = { kind: 'shell', run: 'id' };
    const answer = await platform.ops('terminals/kiosk-1/operations', {
      by: 'w17',
      command: shell,
      expiresInMinutes: 5,
    });
    expect(answer.status).toBe(422);
    expect(await submit('/terminals/kiosk-1/operations', { by: 'w17', kind: 'selfTest', device: '' })).toMatchObject({
      status: 422,
    });
  });
});

describe('a version', () => {
  it('is unknown until the terminal says after its health checks what runs, and again when it starts anew', async () => {
    const at = '2026-01-05T00:00:00.000Z';
    const audit = (action: 'booted' | 'version.healthy', target: string) =>
      ({ type: 'Audit', at, actor: 'engine', action, target }) as const;
    const records = recordsOf([audit('booted', '1.5.0'), audit('version.healthy', '1.5.0'), audit('booted', '1.6.0')]);
    const versions: unknown[] = [];
    for (let seq = 1; seq <= 3; seq++) {
      await platform.post('kiosk-1', 'streams/audit/batches', batchOf(records, seq, seq));
      await platform.clock.run(10_000);
      await until(async () => (await metrics()).includes('kiosk_terminals 2'));
      await until(async () => seq !== 2 || (await fleetVersion()) === '1.5.0');
      versions.push(await fleetVersion());
    }
    await until(async () => (await fleetVersion()) === null);
    expect(versions.slice(0, 2)).toEqual([null, '1.5.0']);
    const text = await metrics();
    expect(text).toContain('kiosk_version_terminals{ring="3",version="unknown"} 2');
    expect(text).not.toContain('kiosk-1');
  });

  async function metrics(): Promise<string> {
    return (await fetch(`${platform.url}/v1/ops/metrics`)).text();
  }

  async function fleetVersion(): Promise<unknown> {
    const { rows } = (await (await fetch(`${platform.url}/v1/ops/fleet?q=kiosk-1`)).json()) as {
      rows: { version: unknown }[];
    };
    return rows[0]?.version;
  }
});

describe('the pages', () => {
  it('answer a signed terminal no more than anybody else from elsewhere', async () => {
    const headers = await signedHeaders(
      TERMINALS['kiosk-1'].identity,
      { method: 'GET', path: '/cases', body: '' },
      { nowMs: platform.clock.wallMs() },
    );
    const response = await fetch(`${platform.url}/cases`, {
      headers: { ...headers, origin: 'http://elsewhere.example' },
    });
    expect(response.status).toBe(403);
  });
});

/** The watch looks by itself, on the clock that was moved; its reading ends a few turns later. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 200; turn++) if (await isSo()) return;
  throw new Error('it never came to that');
}

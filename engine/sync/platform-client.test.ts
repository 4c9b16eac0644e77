import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { refusalText } from '../../contract/http-signature.ts';
import { testIdentity } from '../../tests/support/test-identity.ts';
import type { Fetch } from './http-exchange.ts';
import { createPlatformClient, type PlatformClient } from './platform-client.ts';
import { steadyChance } from './test-support/fake-chance.ts';
import { hashAt } from './test-support/fake-outbox.ts';

const identity = await testIdentity('kiosk-1');
const HEARTBEAT = { nowMs: 1, queues: [] };
const QUOTE = {
  state: 'due',
  quote: 'P1',
  place: { 'zh-Hans': '大夫山', 'zh-Hant': '大夫山', en: 'Dafushan' },
  parkedMinutes: 125,
  fullCents: 1200,
  discountCents: 240,
  dueCents: 960,
  why: 'livelihoodCard',
  graceMinutes: 15,
};
const BATCH = { incarnation: 'inc-1', prevHash: hashAt(0), records: [] };

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

/** Answers with each of `answers` in turn, then with the last one for ever. */
function setup(...answers: (Response | Error | 'never')[]): {
  client: PlatformClient;
  clock: SimulatedClock;
  calls: { url: string; init: RequestInit }[];
  withSkew(onSkewed: (nowMs: number) => void): PlatformClient;
} {
  const clock = new SimulatedClock();
  const calls: { url: string; init: RequestInit }[] = [];
  const fetch: Fetch = (url, init) => {
    const answer = answers[Math.min(calls.length, answers.length - 1)];
    calls.push({ url, init });
    if (answer === 'never' || answer === undefined) return new Promise<Response>(() => undefined);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer.clone());
  };
  const options = { baseUrl: 'http://platform.test', identity };
  const wires = { ...options, clock, chance: steadyChance(255), fetch };
  return {
    client: createPlatformClient(wires),
    clock,
    calls,
    withSkew: (onSkewed) => createPlatformClient({ ...wires, onSkewed }),
  };
}

describe('a call to the platform', () => {
  it('says who asks, and follows no redirect with it', async () => {
    const { client, calls } = setup(json(QUOTE));
    expect(await client.quoteParking({ plate: '粤A8K562' })).toEqual({ ok: true, value: QUOTE });
    expect(calls[0]).toMatchObject({
      url: 'http://platform.test/v1/terminals/kiosk-1/parking/quotes',
      init: {
        headers: { 'signature-input': expect.stringContaining('keyid="kiosk-1/') as string },
        redirect: 'error',
        body: Buffer.from('{"plate":"粤A8K562"}'),
      },
    });
  });

  it.each([
    ['heartbeat', 4_000, (client: PlatformClient) => client.heartbeat()],
    ['quote', 4_000, (client: PlatformClient) => client.quoteParking({ plate: '粤A8K562' })],
    ['batch', 10_000, (client: PlatformClient) => client.sendBatch(BATCH)],
    [
      'lease',
      10_000,
      (client: PlatformClient) => client.leaseTicketBlock({ queue: 'health', size: 1, idempotencyKey: 'k' }),
    ],
  ])('settles as offline when nothing comes: %s after %i ms', async (_name, deadlineMs, call) => {
    const { client, clock } = setup('never');
    const answer = call(client);
    let hasSettled = false;
    void answer.then(() => (hasSettled = true));
    await clock.run(deadlineMs - 1);
    expect(hasSettled).toBe(false);
    await clock.run(1);
    expect(await answer).toMatchObject({ ok: false, problem: { code: 'platform.offline' } });
    expect(clock.pendingTimers).toBe(0);
  });

  it('settles as offline when the body never ends', async () => {
    const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('{"nowMs":')) });
    const { client, clock } = setup(new Response(body));
    const answer = client.heartbeat();
    await clock.run(4_000);
    expect(await answer).toMatchObject({ ok: false, problem: { code: 'platform.offline' } });
  });

  it.each([
    ['not JSON', new Response('<html>Log in to the hotel')],
    ['another shape', json({ nowMs: 'now', queues: [] })],
    ['a key too many', json({ ...HEARTBEAT, more: 1 })],
    ['nothing', new Response(null)],
    ['too large', json({ nowMs: 1, queues: [], more: 'x'.repeat(300_000) })],
  ])('is a bad answer when it is %s', async (_name, response) => {
    const { client } = setup(response);
    expect(await client.heartbeat()).toMatchObject({ ok: false, problem: { code: 'platform.badAnswer' } });
  });

  it.each([
    [401, { code: 'terminal.notAuthorised', message: 'x' }, 'platform.refused', '401 terminal.notAuthorised'],
    [403, 'whatever', 'platform.refused', '403'],
    [500, { code: 'fault', message: 'x' }, 'platform.offline', 'http 500'],
    [503, {}, 'platform.offline', 'http 503'],
  ])('tells a refusal (%i) from a platform that cannot answer', async (status, body, code, detail) => {
    const { client } = setup(json(body, status));
    expect(await client.heartbeat()).toEqual({ ok: false, problem: { code, detail } });
  });

  it('names the network’s own cause', async () => {
    const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const { client } = setup(new TypeError('fetch failed', { cause }));
    expect(await client.heartbeat()).toEqual({
      ok: false,
      problem: { code: 'platform.offline', detail: 'ECONNREFUSED' },
    });
  });
});

describe('answers that fit the contract and are still wrong', () => {
  it('refuses a price whose parts do not add up', async () => {
    const { client } = setup(json({ ...QUOTE, dueCents: 1 }));
    expect(await client.quoteParking({ plate: '粤A8K562' })).toMatchObject({ problem: { code: 'platform.badAnswer' } });
  });

  it.each([
    ['under other prices', { version: 2, sha256: 'b'.repeat(64) }],
    ['under another text of the same version', { version: 1, sha256: 'b'.repeat(64) }],
    ['under nobody knows which', undefined],
  ])('refuses a price that was made %s', async (_what, prices) => {
    const { client } = setup(json({ ...QUOTE, ...(prices && { prices }) }));
    const asked = { plate: '粤A8K562', prices: { version: 1, sha256: 'a'.repeat(64) } };
    expect(await client.quoteParking(asked)).toMatchObject({ problem: { code: 'platform.badAnswer' } });
  });

  it.each([
    ['of another queue', { queue: 'other' }],
    ['larger than asked for', { last: 99 }],
    ['with nothing in it', { last: 0 + 1, first: 2 }],
  ])('refuses a block %s', async (_name, wrong) => {
    const block = { block: 'b', queue: 'health', prefix: 'C', first: 1, last: 5, day: '2026-01-05', ...wrong };
    const { client } = setup(json(block));
    const answer = await client.leaseTicketBlock({ queue: 'health', size: 5, idempotencyKey: 'k' });
    expect(answer).toMatchObject({ problem: { code: 'platform.badAnswer' } });
  });
});

describe('a call whose connection had died', () => {
  it('is made once more when it only reads, and never when it commits something', async () => {
    const read = setup(new Error('reset'), json(QUOTE));
    expect(await read.client.quoteParking({ plate: '粤A8K562' })).toMatchObject({ ok: true });
    const commit = setup(new Error('reset'), json({}));
    const request = { subject: 'a'.repeat(64), session: 'b'.repeat(24), code: '123456' };
    expect(await commit.client.identity.codeCheck(request)).toMatchObject({ problem: { code: 'platform.offline' } });
    expect(commit.calls).toHaveLength(1);
  });
});

describe('a clock the platform does not believe', () => {
  it('is put right by what the refusal says, once', async () => {
    const heard: number[] = [];
    const skewed = json({ code: 'clock.skewed', message: 'x', nowMs: 1_767_571_200_000 }, 401);
    const right = setup(skewed, json(HEARTBEAT));
    const client = right.withSkew((nowMs) => heard.push(nowMs));
    expect(await client.heartbeat()).toMatchObject({ ok: true });
    expect(heard).toEqual([1_767_571_200_000]);
    const stubborn = setup(skewed);
    const again = await stubborn.withSkew(() => undefined).heartbeat();
    expect(again).toMatchObject({ problem: { code: 'platform.refused', detail: '401 clock.skewed' } });
    expect(stubborn.calls).toHaveLength(2);
  });
});

describe('what becomes of a batch', () => {
  const reply = { head: { seq: 1, hash: hashAt(1) }, parked: [] };

  it.each([
    ['stored', json(reply), { kind: 'stored', reply }],
    ['a gap or a fork', json(reply, 409), { kind: 'standsElsewhere', reply }],
    ['a plea for patience', json({}, 429, { 'retry-after': '7' }), { kind: 'later', afterMs: 7_000 }],
    [
      'patience until a date',
      json({}, 503, { 'retry-after': 'Mon, 05 Jan 2026 00:00:30 GMT' }),
      { kind: 'later', afterMs: 30_000 },
    ],
    ['patience for a year', json({}, 503, { 'retry-after': '31536000' }), { kind: 'later', afterMs: 3_600_000 }],
  ])('is understood: %s', async (_name, response, value) => {
    const { client } = setup(response);
    expect(await client.sendBatch(BATCH)).toEqual({ ok: true, value });
  });

  it.each([413, 422])('is a refusal of this batch, not of us: %i', async (status) => {
    const { client } = setup(json({ code: 'batch.broken', message: 'x' }, status));
    const value = { kind: 'refused', problem: { code: 'platform.refused', detail: `${status} batch.broken` } };
    expect(await client.sendBatch(BATCH, 'audit')).toEqual({ ok: true, value });
  });

  it('tells that the terminal is shut out, when it is the platform that says so', async () => {
    const refusal = { code: 'terminal.suspended', message: 'x', nowMs: 1_767_571_200_000 };
    const anybody = setup(json(refusal, 403));
    expect(await anybody.client.sendBatch(BATCH)).toMatchObject({ problem: { code: 'platform.refused' } });
    // Chance is steady here, so that the nonce of the request is known.
    const nonce = Buffer.alloc(16, 255).toString('base64url');
    const proof = identity.mac(refusalText({ code: refusal.code, nowMs: refusal.nowMs, nonce }));
    const { client } = setup(json({ ...refusal, proof }, 403));
    expect(await client.sendBatch(BATCH)).toEqual({ ok: false, problem: { code: 'platform.suspended' } });
  });

  it('is a bad answer when a 409 does not say where the platform stands', async () => {
    const { client } = setup(json({ code: 'x', message: 'y' }, 409));
    expect(await client.sendBatch(BATCH)).toMatchObject({ problem: { code: 'platform.badAnswer' } });
  });
});

describe('the circuit', () => {
  const quote = (client: PlatformClient) => client.quoteParking({ plate: '粤A8K562' });
  const lease = (client: PlatformClient) => client.leaseTicketBlock({ queue: 'health', size: 1, idempotencyKey: 'k' });

  it('stops asking after five failures, tries once after a rest, and rests longer each time', async () => {
    const { client, clock, calls } = setup(new Error('down'));
    for (let time = 0; time < 8; time++) expect(await lease(client)).toMatchObject({ ok: false });
    expect(calls).toHaveLength(5);
    clock.advance(5_000);
    await Promise.all([lease(client), lease(client), lease(client)]);
    expect(calls).toHaveLength(6);
    clock.advance(5_000);
    await lease(client);
    expect(calls).toHaveLength(6);
    clock.advance(5_000);
    await lease(client);
    expect(calls).toHaveLength(7);
  });

  it('is closed by a heartbeat, which is never held back', async () => {
    const down = new Error('down');
    const { client, calls } = setup(down, down, down, down, down, down, json(HEARTBEAT), json(QUOTE));
    for (let time = 0; time < 6; time++) await lease(client);
    expect(calls).toHaveLength(5);
    expect(await client.heartbeat()).toMatchObject({ ok: false });
    expect(await client.heartbeat()).toMatchObject({ ok: true });
    expect(await quote(client)).toMatchObject({ ok: true });
  });

  it('of one dead upstream leaves the others alone, and a beat that was never missed does not close it', async () => {
    const { client, calls } = setup(...Array.from({ length: 5 }, () => json({}, 502)), json(HEARTBEAT));
    for (let time = 0; time < 6; time++) await quote(client);
    expect(calls).toHaveLength(5);
    expect(await client.heartbeat()).toMatchObject({ ok: true });
    expect(await quote(client)).toMatchObject({ problem: { code: 'platform.offline' } });
    expect(calls).toHaveLength(6);
    const finger = { subject: 'a'.repeat(64), session: 'b'.repeat(24) };
    await client.identity.fingerOffer(finger);
    expect(calls).toHaveLength(7);
  });

  it('does not open for refusals: the platform is there', async () => {
    const { client, calls } = setup(json({ code: 'x', message: 'y' }, 404));
    for (let time = 0; time < 9; time++) await quote(client);
    expect(calls).toHaveLength(9);
  });
});

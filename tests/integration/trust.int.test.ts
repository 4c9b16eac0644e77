/** Terminal and platform on a real line: who is let in, how a terminal becomes one, and how it changes its keys. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../contract/clock.system.ts';
import type { NewTerminalReply } from '../../contract/enrolment.schema.ts';
import type { SignatureAlgorithm } from '../../contract/http-signature.ts';
import type { Problem, Result } from '../../contract/outcome.schema.ts';
import type { Fetch } from '../../engine/sync/http-exchange.ts';
import { createPlatformClient, type PlatformClient } from '../../engine/sync/platform-client.ts';
import { openIdentity } from '../../engine/trust/enrolment.ts';
import { identityFile } from '../../engine/trust/identity-file.system.ts';
import { changingIdentity, createKeyKeeper } from '../../engine/trust/key-keeper.ts';
import { nodeCrypto } from '../../engine/trust/node-crypto.ts';
import type { TerminalIdentity } from '../../engine/trust/terminal-identity.ts';
import { batchOf, rated, recordsOf } from '../../platform/test-support/ledger.ts';
import {
  startTestPlatform,
  TERMINALS,
  type Answer,
  type TestPlatform,
} from '../../platform/test-support/running-platform.ts';
import { signedHeaders, testIdentity } from '../support/test-identity.ts';

let platform: TestPlatform;
let folder: string;
beforeEach(async () => {
  platform = await startTestPlatform();
  folder = mkdtempSync(join(tmpdir(), 'trust-'));
});
afterEach(async () => {
  await platform.close();
  rmSync(folder, { recursive: true });
});

const HEARTBEAT = '/v1/terminals/kiosk-1/heartbeat';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How far the simulated clock is from 1970. */
const SINCE_1970_MS = Date.UTC(2026, 0, 5);

interface Sending {
  readonly identity?: TerminalIdentity;
  readonly path?: string;
  /** Where it really goes, when that is not what was signed. */
  readonly sentTo?: string;
  readonly body?: string;
  readonly sentBody?: string;
  readonly alg?: SignatureAlgorithm;
  readonly late?: number;
  readonly alter?: Alter;
}

type Alter = (headers: Record<string, string>) => Record<string, string>;

async function prepare(sending: Sending = {}): Promise<() => Promise<Answer>> {
  const { identity = TERMINALS['kiosk-1'].identity, path = HEARTBEAT, body = '{}', alg } = sending;
  const nowMs = platform.clock.wallMs() + (sending.late ?? 0);
  const headers = await signedHeaders(identity, { path, body }, { nowMs, ...(alg && { alg }) });
  const altered = sending.alter?.(headers) ?? headers;
  return async () => {
    const init = { method: 'POST', headers: altered, body: sending.sentBody ?? body };
    const response = await fetch(`${platform.url}${sending.sentTo ?? path}`, init);
    return { status: response.status, body: await response.json() };
  };
}

async function send(sending?: Sending): Promise<Answer> {
  return (await prepare(sending))();
}

describe('the terminals’ door', () => {
  it('opens for a signed request, once', async () => {
    const again = await prepare();
    expect(await again()).toMatchObject({ status: 200 });
    expect(await again()).toMatchObject({ status: 401, body: { code: 'signature.replayed' } });
    expect(await send()).toMatchObject({ status: 200 });
  });

  it.each<[string, Sending]>([
    ['without a signature', { alter: (headers) => ({ ...headers, signature: '' }) }],
    ['with an unreadable one', { alter: (headers) => ({ ...headers, 'signature-input': 'sig=what' }) }],
  ])('is shut %s', async (_what, sending) => {
    expect(await send(sending)).toMatchObject({ status: 401, body: { code: 'signature.missing' } });
  });

  it.each<[string, Sending]>([
    ['another body', { sentBody: '{"report":{}}' }],
    ['another address', { sentTo: '/v1/terminals/kiosk-1/ticket-blocks' }],
    ['another digest', { alter: (headers) => ({ ...headers, 'content-digest': 'sha-256=:AAAA:' }) }],
    ['a shorter list of what is signed', { alter: withInput((input) => input.replace(' "content-digest"', '')) }],
    [
      'a later time written over it',
      { alter: withInput((input) => input.replace(/created=\d+/, 'created=1767571201')) },
    ],
    ['the other algorithm named', { alter: withInput((input) => input.replace('hmac-sha256', 'ed25519')) }],
    [
      'a key of the platform it does not have',
      { alter: withInput((input) => input.replace(/[0-9a-f]{16}"$/, '0123456789abcdef"')) },
    ],
    ['a nonce that could be guessed', { alter: withInput((input) => input.replace(/nonce="[^"]+"/, 'nonce="1"')) }],
  ])('is shut for %s', async (_what, sending) => {
    expect(await send(sending)).toMatchObject({ status: 401, body: { code: 'signature.wrong' } });
  });

  it('is shut for keys of a stranger, who learns nothing of who exists', async () => {
    const strangers = [await testIdentity('nobody'), await testIdentity('stranger')];
    const path = '/v1/terminals/nobody/heartbeat';
    const answers = [await send({ identity: strangers[0] as TerminalIdentity, path })];
    const renamed = { ...(strangers[1] as TerminalIdentity), requestKeyId: TERMINALS['kiosk-1'].identity.requestKeyId };
    answers.push(await send({ identity: renamed }));
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'signature.wrong' } });
  });

  it('lets nobody act in another’s name', async () => {
    expect(await send({ identity: TERMINALS['kiosk-2'].identity })).toMatchObject({
      status: 403,
      body: { code: 'terminal.notYours' },
    });
  });

  it('takes batches with the terminal’s own signature only: they are evidence later', async () => {
    const path = '/v1/terminals/kiosk-1/streams/ledger/batches';
    const body = JSON.stringify(batchOf(recordsOf([rated(5)])));
    expect(await send({ path, body, alg: 'hmac-sha256' })).toMatchObject({ body: { code: 'signature.wrong' } });
    expect((await platform.summary()).totals.records).toBe(0);
    expect(await send({ path, body })).toMatchObject({ status: 200 });
  });

  it.each([
    ['five minutes late', -5 * MINUTE_MS, 200],
    ['five minutes early', 5 * MINUTE_MS, 200],
    ['six minutes late', -6 * MINUTE_MS, 401],
    ['six minutes early', 6 * MINUTE_MS, 401],
    ['in 1970', -SINCE_1970_MS, 401],
  ])('answers a clock that is %s', async (_what, late, status) => {
    const answer = await send({ late });
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.body).toMatchObject({ code: 'clock.skewed', nowMs: platform.clock.wallMs() });
  });

  it('is shut for a suspended terminal until it is taken back, from one request to the next', async () => {
    expect(await send()).toMatchObject({ status: 200 });
    expect((await platform.ops('terminals/kiosk-1/suspend', {})).status).toBe(204);
    expect(await send()).toMatchObject({ status: 403, body: { code: 'terminal.suspended' } });
    expect(await platform.post('kiosk-2', 'heartbeat')).toMatchObject({ status: 200 });
    expect((await platform.ops('terminals/kiosk-1/resume', {})).status).toBe(204);
    expect(await send()).toMatchObject({ status: 200 });
    expect((await platform.ops('terminals/kiosk-9/suspend', {})).status).toBe(404);
  });
});

function withInput(change: (input: string) => string): Alter {
  return (headers) => ({ ...headers, 'signature-input': change(headers['signature-input'] ?? '') });
}

describe('a terminal', () => {
  it('that stands in 1970 is let in with the platform’s own proven time', async () => {
    let offsetMs = -SINCE_1970_MS;
    const heard: unknown[] = [];
    const client = clientOf(TERMINALS['kiosk-1'].identity, {
      nowMs: () => platform.clock.wallMs() + offsetMs,
      onSkewed(nowMs, _sentAt, proof) {
        offsetMs = nowMs - platform.clock.wallMs();
        heard.push(proof);
      },
    });
    expect(await client.heartbeat()).toMatchObject({ ok: true });
    expect(heard).toEqual(['signed']);
  });

  it('believes in its suspension only when the platform says so', async () => {
    await platform.ops('terminals/kiosk-1/suspend', {});
    const { identity } = TERMINALS['kiosk-1'];
    expect(await clientOf(identity).heartbeat()).toEqual({ ok: false, problem: { code: 'platform.suspended' } });
    const somebody: Fetch = async (url, init) => {
      const answer = (await (await fetch(url, init)).json()) as object;
      return Response.json({ ...answer, nowMs: platform.clock.wallMs() + 1 }, { status: 403 });
    };
    expect(await clientOf(identity, { fetch: somebody }).heartbeat()).toMatchObject({
      problem: { code: 'platform.refused' },
    });
  });
});

type ClientOptions = Parameters<typeof createPlatformClient>[0];

function clientOf(identity: TerminalIdentity, more: Partial<ClientOptions> = {}): PlatformClient {
  const { url, clock } = platform;
  return createPlatformClient({ baseUrl: url, identity, clock, chance: systemChance, fetch, ...more });
}

const STATION = 'demo-village';

async function newCode(terminal = 'kiosk-7', station = STATION): Promise<string> {
  const { body } = await platform.ops('terminals', { terminal, station });
  return (body as NewTerminalReply).code;
}

interface Enrolling {
  readonly code: string | undefined;
  readonly file?: string;
  readonly station?: string;
  readonly fetch?: Fetch;
}

function enrol({ code, file = 'identity.json', station = STATION, fetch = globalThis.fetch }: Enrolling) {
  const store = identityFile(join(folder, file));
  const { url: baseUrl, clock } = platform;
  return openIdentity({ store, provider: nodeCrypto, chance: systemChance, clock, fetch, baseUrl, station, code });
}

function problemOf(result: Result<unknown>): Problem {
  if (result.ok) throw new Error('it went well');
  return result.problem;
}

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

describe('enrolment', () => {
  it('makes a terminal of a machine with a code, whose file is its owner’s alone, and holds after a restart', async () => {
    const code = await newCode();
    expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
    const identity = valueOf(await enrol({ code: code.toLowerCase().replaceAll('-', ' ') }));
    expect(identity.terminal).toBe('kiosk-7');
    expect(await clientOf(identity).heartbeat()).toMatchObject({ ok: true });
    expect(statSync(join(folder, 'identity.json')).mode & 0o777).toBe(0o600);
    const again = valueOf(await enrol({ code: undefined }));
    expect(again.fingerprint).toBe(identity.fingerprint);
    expect(await clientOf(again).heartbeat()).toMatchObject({ ok: true });
  });

  it('never sends the code, nor anything it can be read from', async () => {
    const code = await newCode();
    const said: string[] = [];
    await enrol({
      code,
      async fetch(url, init) {
        said.push(url, JSON.stringify(init.headers), Buffer.from(init.body as Uint8Array).toString());
        return fetch(url, init);
      },
    });
    expect(said.join('\n')).toContain('/v1/enrol');
    expect(said.join('\n')).not.toContain(code.replaceAll('-', ''));
    expect(readFileSync(join(folder, 'identity.json'), 'utf8')).not.toContain(code);
  });

  it('goes on with the same keys when the answer was lost, though the code is used', async () => {
    const code = await newCode();
    const losing: Fetch = async (url, init) => {
      await fetch(url, init);
      throw new TypeError('fetch failed');
    };
    expect(problemOf(await enrol({ code, fetch: losing })).code).toBe('platform.offline');
    const identity = valueOf(await enrol({ code }));
    expect(await clientOf(identity).heartbeat()).toMatchObject({ ok: true });
  });

  it('is refused to a second machine with the same code', async () => {
    const code = await newCode();
    valueOf(await enrol({ code }));
    const problem = problemOf(await enrol({ code, file: 'second.json' }));
    expect(problem).toMatchObject({ code: 'trust.codeRefused', detail: expect.stringContaining('usedCode') as string });
  });

  it('is refused after 72 hours', async () => {
    const code = await newCode();
    platform.clock.advance(3 * DAY_MS + 1);
    expect(problemOf(await enrol({ code })).detail).toContain('expiredCode');
  });

  it('is refused at another station, and with a code that an even newer one replaced', async () => {
    const code = await newCode();
    expect(problemOf(await enrol({ code, station: 'elsewhere' })).detail).toContain('wrongCode');
    await newCode();
    expect(problemOf(await enrol({ code })).detail).toContain('wrongCode');
  });

  it('closes after five wrong codes, for the right one too, and opens a quarter of an hour later', async () => {
    const code = await newCode();
    for (let time = 1; time <= 4; time += 1)
      expect(problemOf(await enrol({ code: '0000-0000-0000' })).detail).toContain('wrongCode');
    expect(problemOf(await enrol({ code: '0000-0000-0000' })).detail).toContain('locked');
    expect(problemOf(await enrol({ code })).detail).toContain('locked');
    expect(
      await enrol({ code: await newCode('kiosk-8', 'west-village'), station: 'west-village', file: 'w.json' }),
    ).toMatchObject({ ok: true });
    platform.clock.advance(15 * MINUTE_MS + 1);
    expect(await enrol({ code })).toMatchObject({ ok: true });
  });

  it('takes the right to speak from the machine that stood there before', async () => {
    const first = valueOf(await enrol({ code: await newCode() }));
    expect(await clientOf(first).heartbeat()).toMatchObject({ ok: true });
    const second = valueOf(await enrol({ code: await newCode(), file: 'second.json' }));
    expect(await clientOf(second).heartbeat()).toMatchObject({ ok: true });
    expect(problemOf(await clientOf(first).heartbeat()).detail).toBe('401 signature.wrong');
  });

  it('believes nobody who cannot prove that they gave the code out', async () => {
    const code = await newCode();
    const between: Fetch = async (url, init) => {
      const reply = (await (await fetch(url, init)).json()) as { platform: { agreement: object } };
      const publicKey = TERMINALS['kiosk-1'].enrolled.keys.agreement;
      const agreement = { ...reply.platform.agreement, publicKey };
      return Response.json({ ...reply, platform: { ...reply.platform, agreement } });
    };
    expect(problemOf(await enrol({ code, fetch: between })).code).toBe('trust.notThePlatform');
    expect(await enrol({ code: undefined })).toMatchObject({ problem: { code: 'trust.notEnrolled' } });
  });

  it('is refused when somebody on the way put other keys into it', async () => {
    const code = await newCode();
    const between: Fetch = (url, init) => {
      const body = JSON.parse(Buffer.from(init.body as Uint8Array).toString()) as object;
      return fetch(url, { ...init, body: JSON.stringify({ ...body, keys: TERMINALS['kiosk-1'].enrolled.keys }) });
    };
    expect(problemOf(await enrol({ code, fetch: between }))).toMatchObject({ detail: '401 signature.wrong' });
    expect(await enrol({ code })).toMatchObject({ ok: true });
  });

  it.each([
    ['no code', undefined, 'trust.notEnrolled'],
    ['what can be no code', '1234', 'trust.codeRefused'],
  ])('is not begun with %s', async (_what, code, expected) => {
    const fetch: Fetch = () => Promise.reject(new Error('nothing is sent'));
    expect(problemOf(await enrol({ code, fetch })).code).toBe(expected);
  });
});

describe('a change of keys', () => {
  async function keeperOf(identity: TerminalIdentity, fetch: Fetch = globalThis.fetch) {
    const changing = changingIdentity(identity);
    const { url: baseUrl, clock } = platform;
    const store = identityFile(join(folder, 'identity.json'));
    const nowMs = () => clock.wallMs();
    const options = { store, identity: changing, baseUrl, clock, chance: systemChance, fetch, nowMs };
    return { identity: changing, keeper: createKeyKeeper(options) };
  }

  it('leaves the older keys good for a week and no longer', async () => {
    const before = valueOf(await enrol({ code: await newCode() }));
    const { identity, keeper } = await keeperOf(before);
    expect(await keeper.rotate()).toMatchObject({ ok: true });
    expect(identity.fingerprint).not.toBe(before.fingerprint);
    expect(valueOf(await enrol({ code: undefined })).fingerprint).toBe(identity.fingerprint);
    expect(await clientOf(identity).heartbeat()).toMatchObject({ ok: true });
    expect(await clientOf(before).heartbeat()).toMatchObject({ ok: true });
    platform.clock.advance(7 * DAY_MS + 1);
    expect(await clientOf(identity).heartbeat()).toMatchObject({ ok: true });
    expect(problemOf(await clientOf(before).heartbeat()).detail).toBe('401 signature.wrong');
  });

  it('whose answer was lost is taken up again with the same keys, even when the older ones have ended meanwhile', async () => {
    const before = valueOf(await enrol({ code: await newCode() }));
    const losing: Fetch = async (url, init) => {
      await fetch(url, init);
      throw new TypeError('fetch failed');
    };
    const lost = await keeperOf(before, losing);
    expect(problemOf(await lost.keeper.rotate()).code).toBe('platform.offline');
    expect(lost.identity.fingerprint).toBe(before.fingerprint);
    platform.clock.advance(8 * DAY_MS);
    const { identity, keeper } = await keeperOf(before);
    expect(await keeper.rotate()).toMatchObject({ ok: true });
    expect(await clientOf(identity).heartbeat()).toMatchObject({ ok: true });
  });

  it('is not believed from anybody but the platform', async () => {
    const before = valueOf(await enrol({ code: await newCode() }));
    const between: Fetch = async (url, init) => {
      const reply = (await (await fetch(url, init)).json()) as { platform: { agreement: object } };
      const publicKey = TERMINALS['kiosk-1'].enrolled.keys.agreement;
      const agreement = { ...reply.platform.agreement, publicKey };
      return Response.json({ ...reply, platform: { ...reply.platform, agreement } });
    };
    const { identity, keeper } = await keeperOf(before, between);
    expect(problemOf(await keeper.rotate()).code).toBe('trust.notThePlatform');
    expect(identity.fingerprint).toBe(before.fingerprint);
  });

  it('comes by itself when the keys are sixty days old', async () => {
    const before = valueOf(await enrol({ code: await newCode() }));
    const { identity, keeper } = await keeperOf(before);
    keeper.start();
    platform.clock.advance(59 * DAY_MS);
    expect(await clientOf(identity).heartbeat()).toMatchObject({ ok: true });
    expect(identity.fingerprint).toBe(before.fingerprint);
    platform.clock.advance(DAY_MS + 7 * 60 * MINUTE_MS);
    await expect.poll(() => identity.fingerprint).not.toBe(before.fingerprint);
    keeper.stop();
  });
});

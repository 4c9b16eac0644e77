import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestPlatform, type TerminalName, type TestPlatform } from '../test-support/running-platform.ts';

const MINUTE_MS = 60_000;
const CHEN = subject('livelihood-card', '4401130000010017');
const HUANG = subject('id-card', '440113190309092046');
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]).toString('base64');

function subject(kind: string, number: string): string {
  return createHash('sha256').update(`identity:${kind}:${number}`).digest('hex');
}

let platform: TestPlatform;
let sessions = 0;
beforeEach(async () => {
  platform = await startTestPlatform();
});
afterEach(() => platform.close());

const newSession = () => (++sessions).toString(16).padStart(24, '0');

async function ask(path: string, body: object, terminal: TerminalName = 'kiosk-1') {
  return platform.post(terminal, `identity/${path}`, body);
}

/** A session in which the templates were handed out and nothing matched. */
async function mismatch(terminal: TerminalName = 'kiosk-1', session = newSession()): Promise<void> {
  expect((await ask('finger-templates', { subject: CHEN, session }, terminal)).status).toBe(200);
  await ask('finger-ends', { subject: CHEN, session, end: 'noMatch' }, terminal);
}

describe('fingers', () => {
  it('are offered by name before any template is handed out', async () => {
    const offer = await ask('finger-offers', { subject: CHEN, session: newSession() });
    expect(offer.body).toEqual({ state: 'open', fingers: ['left-thumb', 'right-index', 'right-thumb'] });
  });

  it('answer an unknown card and a card without prints alike', async () => {
    for (const asked of [subject('id-card', '440106199910017896'), HUANG])
      expect((await ask('finger-offers', { subject: asked, session: newSession() })).body).toEqual({ state: 'none' });
  });

  it('count one attempt a session, however often it is said', async () => {
    const session = newSession();
    await ask('finger-templates', { subject: CHEN, session });
    const end = { subject: CHEN, session, end: 'noMatch' };
    expect((await ask('finger-ends', end)).body).toEqual({ counted: true });
    expect((await ask('finger-ends', end)).body).toEqual({ counted: false });
    expect((await ask('finger-ends', { ...end, end: 'match' })).body).toEqual({ counted: false });
    expect((await ask('finger-offers', { subject: CHEN, session })).body).toEqual({ state: 'used' });
    expect((await ask('finger-templates', { subject: CHEN, session })).status).toBe(409);
  });

  it('are locked by the third such session in 24 hours, on every terminal, and the other factors are not', async () => {
    await mismatch('kiosk-1');
    await mismatch('kiosk-2');
    expect((await ask('finger-offers', { subject: CHEN, session: newSession() })).body).toMatchObject({
      state: 'open',
    });
    await mismatch('kiosk-1');
    expect((await ask('finger-offers', { subject: CHEN, session: newSession() })).body).toEqual({ state: 'locked' });
    expect((await ask('finger-templates', { subject: CHEN, session: newSession() })).status).toBe(409);
    const code = { subject: CHEN, session: newSession(), code: '260417' };
    expect((await ask('code-checks', code)).body).toEqual({ verdict: 'match' });
    platform.clock.advance(24 * 60 * MINUTE_MS);
    expect((await ask('finger-offers', { subject: CHEN, session: newSession() })).body).toMatchObject({
      state: 'open',
    });
  });

  it('are not locked by sessions before a match, or in which nothing was compared', async () => {
    await mismatch();
    await mismatch();
    const session = newSession();
    await ask('finger-templates', { subject: CHEN, session });
    platform.clock.advance(1);
    await ask('finger-ends', { subject: CHEN, session, end: 'match' });
    platform.clock.advance(1);
    await mismatch();
    const quiet = newSession();
    await ask('finger-templates', { subject: CHEN, session: quiet });
    await ask('finger-ends', { subject: CHEN, session: quiet, end: 'notCompared' });
    await mismatch();
    expect((await ask('finger-offers', { subject: CHEN, session: newSession() })).body).toMatchObject({
      state: 'open',
    });
  });

  it('count a session whose end was never said: pulling the plug is no way to try for ever', async () => {
    const session = newSession();
    await ask('finger-templates', { subject: CHEN, session });
    await ask('finger-templates', { subject: CHEN, session: newSession() });
    await ask('finger-templates', { subject: CHEN, session: newSession() });
    // the one that is still going on does not lock itself out
    expect((await ask('finger-offers', { subject: CHEN, session })).body).toMatchObject({ state: 'open' });
    expect((await ask('finger-offers', { subject: CHEN, session: newSession() })).body).toEqual({ state: 'locked' });
  });
});

describe('faces', () => {
  const look = (seen: object, asked = CHEN) =>
    ask('face-checks', { subject: asked, session: newSession(), look: seen });

  it('are compared by the stand-in as the seed says', async () => {
    expect((await look({ seen: 'face', picture: JPEG })).body).toEqual({ verdict: 'match' });
  });

  it('are not compared when the picture is none, or nobody is known', async () => {
    expect((await look({ seen: 'face', picture: 'QUJDRA==' })).status).toBe(422);
    expect((await look({ seen: 'face', picture: JPEG }, 'f'.repeat(64))).body).toEqual({ verdict: 'notOffered' });
  });

  it('rest for ten minutes after three that were not live, with the code of the same person', async () => {
    const verdicts = [];
    for (let count = 0; count < 4; count += 1) verdicts.push((await look({ seen: 'notLive' })).body);
    expect(verdicts).toEqual([
      { verdict: 'again' },
      { verdict: 'again' },
      { verdict: 'paused' },
      { verdict: 'paused' },
    ]);
    expect((await look({ seen: 'face', picture: JPEG })).body).toEqual({ verdict: 'paused' });
    const code = { subject: CHEN, session: newSession(), code: '260417' };
    expect((await ask('code-checks', code)).body).toEqual({ verdict: 'paused' });
    // nobody else rests with them
    expect((await look({ seen: 'face', picture: JPEG }, HUANG)).body).toEqual({ verdict: 'match' });
    platform.clock.advance(10 * MINUTE_MS);
    expect((await ask('code-checks', code)).body).toEqual({ verdict: 'match' });
  });

  it('have no reference for a model that did not make it', async () => {
    const request = { subject: CHEN, session: newSession(), model: 'vendor-model@1.2' };
    expect((await ask('face-references', request)).body).toEqual({ state: 'none' });
  });
});

describe('codes', () => {
  const type = async (code: string, asked = CHEN) =>
    (await ask('code-checks', { subject: asked, session: newSession(), code })).body;

  it('open with the right one, and rest after three wrong ones', async () => {
    expect(await type('260417')).toEqual({ verdict: 'match' });
    expect(await type('111111')).toEqual({ verdict: 'noMatch' });
    expect(await type('222222')).toEqual({ verdict: 'noMatch' });
    expect(await type('333333')).toEqual({ verdict: 'paused' });
    expect(await type('260417')).toEqual({ verdict: 'paused' });
  });

  it('of one person do not open for another', async () => {
    expect(await type('581903')).toEqual({ verdict: 'noMatch' });
    expect(await type('581903', HUANG)).toEqual({ verdict: 'match' });
  });

  it('are asked of nobody who is no terminal', async () => {
    const url = `${platform.url}/v1/terminals/kiosk-1/identity/code-checks`;
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    expect(answer.status).toBe(401);
  });
});

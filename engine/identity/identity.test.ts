import { describe, expect, it } from 'vitest';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import type { IdentityCalls } from '../sync/platform-client.ts';
import type { FaceModel } from './face-model.ts';
import { createIdentity } from './identity.ts';

const OWNER = { cardKind: 'livelihood-card', cardNumber: '4401130000010017' };
const SESSION = '0'.repeat(24);
const OFFLINE = fail('platform.offline');

type Answers = { readonly [Call in keyof IdentityCalls]?: Awaited<ReturnType<IdentityCalls[Call]>>[] };

function setup(answers: Answers, model?: FaceModel) {
  const asked: { call: string; request: unknown }[] = [];
  const clock = new SimulatedClock();
  const answer = (call: keyof IdentityCalls) => (request: unknown) => {
    asked.push({ call, request });
    const next = (answers[call] as Result<unknown>[] | undefined)?.shift() ?? OFFLINE;
    return Promise.resolve(next as never);
  };
  const calls: IdentityCalls = {
    fingerOffer: answer('fingerOffer'),
    fingerTemplates: answer('fingerTemplates'),
    fingerEnd: answer('fingerEnd'),
    faceCheck: answer('faceCheck'),
    faceReference: answer('faceReference'),
    codeCheck: answer('codeCheck'),
  };
  const closing = new AbortController();
  const identity = createIdentity({ calls, clock, faceModel: () => model, signal: closing.signal });
  return { identity, asked, clock, closing };
}

describe('questions about a card’s owner', () => {
  it('name neither card nor person', async () => {
    const { identity, asked } = setup({ fingerOffer: [ok({ state: 'none' })] });
    await identity.openFingerCheck(OWNER, SESSION);
    expect(JSON.stringify(asked)).not.toContain(OWNER.cardNumber);
    expect(asked[0]?.request).toMatchObject({
      subject: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      session: SESSION,
    });
  });

  it('say the end of a finger session again until the line is back', async () => {
    const { identity, asked, clock } = setup({ fingerEnd: [OFFLINE, OFFLINE, ok({ counted: true })] });
    identity.closeFingerCheck(OWNER, SESSION, 'noMatch');
    await clock.run(60_000);
    expect(asked.map(({ call }) => call)).toEqual(['fingerEnd', 'fingerEnd', 'fingerEnd']);
  });

  it('do not go on after the engine has closed', async () => {
    const { identity, asked, clock, closing } = setup({});
    identity.closeFingerCheck(OWNER, SESSION, 'noMatch');
    await clock.run(1_000);
    closing.abort();
    await clock.run(600_000);
    expect(asked.length).toBeLessThanOrEqual(2);
  });
});

describe('a face', () => {
  const LOOK = { seen: 'face', picture: Uint8Array.of(1, 2, 3) } as const;

  it('goes to the platform as it is, when the platform compares', async () => {
    const { identity, asked } = setup({ faceCheck: [ok({ verdict: 'match' })] });
    expect(await identity.checkFace(OWNER, SESSION, LOOK, 'remote')).toEqual(ok('match'));
    expect(asked).toMatchObject([{ request: { look: { seen: 'face', picture: 'AQID' } } }]);
  });

  it('stays on this machine when its model compares: only the verdict travels', async () => {
    const known: Uint8Array[] = [];
    const model: FaceModel = {
      id: 'demo@1',
      compare(_picture, reference) {
        known.push(reference);
        return 'noMatch';
      },
    };
    const answers: Answers = {
      faceReference: [ok({ state: 'open', reference: 'AQID' })],
      faceCheck: [ok({ verdict: 'noMatch' })],
    };
    const { identity, asked } = setup(answers, model);
    expect(await identity.checkFace(OWNER, SESSION, LOOK, 'on-device')).toEqual(ok('noMatch'));
    expect(asked[1]).toMatchObject({ call: 'faceCheck', request: { look: { seen: 'judged', verdict: 'noMatch' } } });
    expect([...(known[0] ?? [])]).toEqual([0, 0, 0]);
  });

  it('is not offered without a signed model, nor when the model breaks', async () => {
    const bare = setup({});
    expect(bare.identity.offersFace('on-device')).toBe(false);
    expect(await bare.identity.checkFace(OWNER, SESSION, LOOK, 'on-device')).toEqual(ok('notOffered'));
    const broken = setup(
      { faceReference: [ok({ state: 'open', reference: 'AQID' })] },
      { id: 'demo@1', compare: () => 'broken' },
    );
    expect(await broken.identity.checkFace(OWNER, SESSION, LOOK, 'on-device')).toEqual(ok('notOffered'));
    expect(broken.asked.map(({ call }) => call)).toEqual(['faceReference']);
  });
});

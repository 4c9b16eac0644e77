import { describe, expect, it } from 'vitest';
import { fail, ok } from '../../contract/outcome.schema.ts';
import { createFlowBench, type FlowBench } from '../../tests/support/flow-bench.ts';
import { toFingerOffer } from '../../tests/support/gallery-checks.ts';
import { readIdCard } from '../../tests/support/scripted-ports.ts';
import type { FaceLook } from './ports.ts';

const PICTURE = Buffer.from('a picture').toString('base64');
const SEEN = { kind: 'face', result: { seen: 'face', picture: PICTURE } } as const;
const NOT_LIVE = { kind: 'face', result: { seen: 'notLive' } } as const;

async function toConsent(): Promise<FlowBench> {
  const bench = createFlowBench();
  await toFingerOffer(bench);
  await bench.touch({ kind: 'choose', option: 'cannot' });
  return bench;
}

async function toCamera(): Promise<FlowBench> {
  const bench = await toConsent();
  await bench.touch({ kind: 'choose', option: 'agree' });
  return bench;
}

function looks(bench: FlowBench): FaceLook[] {
  return bench.ports.faces.asked.map((asked) => (asked as { look: FaceLook }).look);
}

describe('the face check (A04)', () => {
  it('shows no camera before the consent, and both answers weigh the same', async () => {
    const bench = await toConsent();
    expect(bench.view().screen).toMatchObject({
      even: true,
      choices: [{ id: 'agree' }, { id: 'decline' }],
    });
    // an answer that only the camera page can give is not taken from another page
    await bench.touch(SEEN);
    expect(bench.ports.faces.asked).toEqual([]);
  });

  it('costs at most one page more to decline: card and code open the same door', async () => {
    const bench = await toConsent();
    await bench.touch({ kind: 'choose', option: 'decline' });
    expect(bench.view().screen.kind).toBe('pad');
    await bench.touch({ kind: 'enter', value: '260417' });
    expect(bench.ports.codes.asked).toMatchObject([{ code: '260417' }]);
    bench.ports.codes.give(ok('match'));
    await bench.rest();
    expect(bench.ports.prints.asked).toMatchObject([{ template: 'collect-slip' }]);
    expect(bench.ports.faces.asked).toEqual([]);
  });

  it('prints the slip after a match, and asks for no code any more', async () => {
    const bench = await toCamera();
    expect(bench.view().screen).toMatchObject({ kind: 'face-camera', challenges: ['turn-head', 'come-closer'] });
    await bench.touch(SEEN);
    bench.ports.faces.give(ok('match'));
    await bench.rest();
    await bench.ports.clock.run(1_500);
    expect(bench.ports.prints.asked).toMatchObject([{ template: 'collect-slip' }]);
  });

  it.each(['match', 'noMatch', 'again'] as const)('zeroes the picture after the answer %s', async (verdict) => {
    const bench = await toCamera();
    await bench.touch(SEEN);
    const [look] = looks(bench);
    if (look?.seen !== 'face') throw new Error('no picture was asked about');
    expect(Buffer.from(look.picture).toString()).toBe('a picture');
    bench.ports.faces.give(ok(verdict));
    await bench.rest();
    expect(look.picture.every((byte) => byte === 0)).toBe(true);
    expect(JSON.stringify(bench.view())).not.toContain(PICTURE);
  });

  it('pauses after three times not live, and opens nothing', async () => {
    const bench = await toCamera();
    for (const verdict of ['again', 'again', 'paused'] as const) {
      await bench.touch(NOT_LIVE);
      bench.ports.faces.give(ok(verdict));
      await bench.rest();
      if (verdict === 'again') await bench.touch({ kind: 'choose', option: 'retry' });
    }
    expect(bench.view().screen).toMatchObject({ topic: 'other-way', picture: 'face-pause' });
    expect(bench.ports.prints.asked).toEqual([]);
  });

  it('counts to three by itself when the line is down', async () => {
    const bench = await toCamera();
    for (let count = 0; count < 3; count += 1) {
      await bench.touch(NOT_LIVE);
      bench.ports.faces.give(fail('platform.offline'));
      await bench.rest();
      if (count < 2) await bench.touch({ kind: 'choose', option: 'retry' });
    }
    expect(bench.view().screen).toMatchObject({ topic: 'other-way' });
  });

  it('does not switch the camera on again by itself', async () => {
    const bench = await toCamera();
    await bench.touch(NOT_LIVE);
    bench.ports.faces.give(ok('again'));
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ kind: 'question', choices: [{ id: 'retry' }, { id: 'other-way' }] });
  });

  it('gives no hint which factor did not fit', async () => {
    const bench = await toCamera();
    await bench.touch(SEEN);
    bench.ports.faces.give(ok('noMatch'));
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ topic: 'other-way', title: '换一种办法吧' });
  });

  it('goes on without a camera: none, unplugged or forbidden', async () => {
    const bench = await toCamera();
    await bench.touch({ kind: 'face', result: { seen: 'noCamera' } });
    expect(bench.view().screen).toMatchObject({
      picture: 'camera-broken',
      choices: [{ id: 'other' }, { id: 'ticket' }, { id: 'person' }],
    });
    expect(bench.ports.faces.asked).toEqual([]);
  });

  it('never asks a child to look into the camera', async () => {
    const bench = createFlowBench();
    await bench.touch({ kind: 'choose', option: 'zh-Hans' });
    bench.ports.idReads.give(readIdCard({ birthDate: '2012-11-24' }));
    await bench.touch({ kind: 'choose', option: 'id-card' });
    await bench.touch({ kind: 'next' });
    await bench.touch({ kind: 'choose', option: 'collect-card' });
    bench.ports.offers.give(ok({ state: 'none' }));
    await bench.touch({ kind: 'next' });
    // 13 years and 364 days on the day of the bench
    await bench.touch({ kind: 'choose', option: 'other' });
    expect(bench.view().screen).toMatchObject({ topic: 'other-way', title: '孩子不用看镜头' });
  });
});

describe('the pick-up code', () => {
  async function toCode(): Promise<FlowBench> {
    const bench = await toConsent();
    await bench.touch({ kind: 'choose', option: 'decline' });
    return bench;
  }

  it('may be typed again after a mistake, on a page that can be answered', async () => {
    const bench = await toCode();
    const first = bench.view().page;
    await bench.touch({ kind: 'enter', value: '111111' });
    bench.ports.codes.give(ok('noMatch'));
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ kind: 'pad', error: expect.any(String) as string, prefill: '' });
    expect(bench.view().page).toBeGreaterThan(first);
    expect(JSON.stringify(bench.view())).not.toContain('111111');
  });

  it('is not asked of the platform before it is whole', async () => {
    const bench = await toCode();
    for (const value of ['12345', '12345a', '1234567']) await bench.touch({ kind: 'enter', value });
    expect(bench.ports.codes.asked).toEqual([]);
  });

  it('rests when the platform says so', async () => {
    const bench = await toCode();
    await bench.touch({ kind: 'enter', value: '111111' });
    bench.ports.codes.give(ok('paused'));
    await bench.rest();
    expect(bench.view().screen).toMatchObject({ topic: 'other-way', picture: 'face-pause' });
  });
});

describe('without a card', () => {
  it('nothing is compared with anybody: only the window and a person are offered', async () => {
    const bench = createFlowBench();
    await bench.touch({ kind: 'choose', option: 'zh-Hans' });
    await bench.touch({ kind: 'choose', option: 'no-card' });
    await bench.touch({ kind: 'choose', option: 'collect-card' });
    await bench.touch({ kind: 'next' });
    await bench.touch({ kind: 'choose', option: 'no-card' });
    expect(bench.view().screen).toMatchObject({ topic: 'other-way', choices: [{ id: 'ticket' }, { id: 'person' }] });
    await bench.touch({ kind: 'choose', option: 'other' });
    expect(bench.view().screen).toMatchObject({ topic: 'other-way' });
  });
});

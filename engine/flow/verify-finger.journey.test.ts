import { describe, expect, it } from 'vitest';
import { failed, fail, ok } from '../../contract/outcome.schema.ts';
import { createFlowBench, type FlowBench } from '../../tests/support/flow-bench.ts';
import { liftFinger, toFingerOffer, toFingerPress, tryFinger } from '../../tests/support/gallery-checks.ts';
import { CARD, fingerReferences, fingerVerdict, type ScriptedPorts } from '../../tests/support/scripted-ports.ts';

const FINGERS = ['right-thumb', 'left-thumb', 'right-index'] as const;

function verifies(ports: ScriptedPorts): number {
  return ports.fingers.asked.filter((asked) => (asked as { kind: string }).kind === 'verify').length;
}

async function sixTries(bench: FlowBench): Promise<void> {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    await tryFinger(bench, fingerVerdict('mismatch'));
    if (attempt < 5) await liftFinger(bench);
  }
}

describe('the finger check (A03)', () => {
  it('asks first, with a refusal as large as the consent, before any template travels', async () => {
    const bench = createFlowBench();
    await toFingerOffer(bench);
    expect(bench.view().screen).toMatchObject({
      kind: 'question',
      even: true,
      picture: 'hand-right-thumb',
      choices: [{ id: 'give' }, { id: 'cannot' }],
    });
    expect(bench.ports.templates.asked).toEqual([]);
  });

  it('lets "I cannot" lead on to the other factor, with no failure said to anybody', async () => {
    const bench = createFlowBench();
    await toFingerOffer(bench);
    await bench.touch({ kind: 'choose', option: 'cannot' });
    expect(bench.view().screen).toMatchObject({ topic: 'face', choices: [{ id: 'agree' }, { id: 'decline' }] });
    expect(bench.ports.fingerEnds).toEqual([]);
    expect(bench.ports.templates.asked).toEqual([]);
  });

  it('walks from a worn thumb to an index finger that will do', async () => {
    const bench = createFlowBench();
    await toFingerPress(bench);
    const seen: unknown[] = [];
    for (const verdict of [
      fingerVerdict('poor', 'dry'),
      fingerVerdict('poor', 'dry'),
      fingerVerdict('poor', 'wet'),
      fingerVerdict('mismatch'),
    ]) {
      await tryFinger(bench, verdict);
      await liftFinger(bench);
      const { screen } = bench.view();
      seen.push(screen.kind === 'present-finger' ? [screen.state, screen.finger] : screen.kind);
    }
    expect(seen).toEqual([
      ['dry', 'right-thumb'],
      ['other', 'left-thumb'],
      ['wet', 'left-thumb'],
      ['other', 'right-index'],
    ]);
    await tryFinger(bench, fingerVerdict('match'));
    expect(bench.view().screen).toMatchObject({ kind: 'present-finger', state: 'done' });
    expect(bench.ports.fingerEnds).toMatchObject([{ end: 'match' }]);
    expect(bench.ports.wipes).toBe(1);
    await bench.ports.clock.run(1_500);
    expect(bench.ports.prints.asked).toMatchObject([{ template: 'collect-slip' }]);
    expect(JSON.stringify(bench.ports.prints.asked)).toContain('陈**');
  });

  it('stops after six tries with three equal ways on, one attempt counted, templates zeroed, sensor wiped', async () => {
    const bench = createFlowBench();
    await toFingerOffer(bench);
    const references = fingerReferences(...FINGERS);
    bench.ports.templates.give(ok(references));
    await bench.touch({ kind: 'choose', option: 'give' });
    await sixTries(bench);
    expect(verifies(bench.ports)).toBe(6);
    const { screen } = bench.view();
    expect(screen).toMatchObject({
      topic: 'other-way',
      choices: [{ id: 'other' }, { id: 'ticket' }, { id: 'person' }],
    });
    expect(bench.ports.fingerEnds).toMatchObject([{ end: 'noMatch' }]);
    expect(references.every(({ template }) => template.every((byte) => byte === 0))).toBe(true);
    expect(bench.ports.wipes).toBe(1);
    expect(JSON.stringify(screen)).not.toMatch(/\d+ ?%|失败|failed/);
  });

  it('gives a number for the window, with the slip filled in', async () => {
    const bench = createFlowBench();
    await toFingerPress(bench);
    await sixTries(bench);
    await bench.touch({ kind: 'choose', option: 'ticket' });
    const asked = JSON.stringify(bench.ports.prints.asked);
    expect(bench.ports.prints.asked).toMatchObject([{ template: 'window-slip' }]);
    for (const text of ['A017', '领卡', '陈**']) expect(asked).toContain(text);
    expect(asked).not.toContain(CARD.holderName);
    bench.ports.prints.give({ kind: 'printed' });
    await bench.rest();
    await bench.touch({ kind: 'next' });
    // the window's slip is the end of it: the owner's slip is never printed without a proof
    expect(bench.ports.prints.asked).toHaveLength(1);
    expect(bench.view().screen.kind).toBe('take-card');
  });

  it('counts nothing when nothing could be compared', async () => {
    const bench = createFlowBench();
    await toFingerPress(bench);
    await tryFinger(bench, fingerVerdict('poor', 'dry'));
    await liftFinger(bench);
    await bench.touch({ kind: 'next' });
    expect(bench.ports.fingerEnds).toMatchObject([{ end: 'notCompared' }]);
    expect(bench.view().screen).toMatchObject({ topic: 'face' });
  });

  it.each(['end', 'quiet', 'sensor', 'back'] as const)('wipes and zeroes also when it ends by %s', async (how) => {
    const bench = createFlowBench();
    await toFingerOffer(bench);
    const references = fingerReferences(...FINGERS);
    bench.ports.templates.give(ok(references));
    await bench.touch({ kind: 'choose', option: 'give' });
    await tryFinger(bench, fingerVerdict('mismatch'));
    await liftFinger(bench);
    if (how === 'end') await bench.touch({ kind: 'end' });
    if (how === 'back') await bench.touch({ kind: 'back' });
    if (how === 'quiet') await bench.ports.clock.run(60_000 + 31_000);
    if (how === 'sensor') {
      bench.ports.fingers.give(failed('device.lost', 'none'));
      await bench.rest();
      expect(bench.view().screen).toMatchObject({ topic: 'other-way', picture: 'finger-broken' });
    }
    expect(references.every(({ template }) => template.every((byte) => byte === 0))).toBe(true);
    expect(bench.ports.wipes).toBe(1);
    expect(bench.ports.fingerEnds).toMatchObject([{ end: 'noMatch' }]);
  });

  it('zeroes templates that arrive after the resident has left', async () => {
    const bench = createFlowBench();
    await toFingerOffer(bench);
    await bench.touch({ kind: 'choose', option: 'give' });
    await bench.touch({ kind: 'end' });
    const references = fingerReferences(...FINGERS);
    bench.ports.templates.give(ok(references));
    await bench.rest();
    expect(references.every(({ template }) => template.every((byte) => byte === 0))).toBe(true);
    expect(bench.ports.fingerEnds).toMatchObject([{ end: 'notCompared' }]);
    expect(verifies(bench.ports)).toBe(0);
  });

  it.each([
    ['locked', '今天不用手指核对'],
    ['none', '这里没有您的指纹'],
    ['used', '换一种办法吧'],
  ] as const)('offers the other ways at once when the platform says %s', async (state, title) => {
    const bench = createFlowBench();
    bench.ports.offers.give(ok({ state }));
    await toFingerOffer(bench);
    expect(bench.view().screen).toMatchObject({ topic: 'other-way', title });
  });

  it('says plainly that it cannot be checked without a line, and does not ask for a finger', async () => {
    const bench = createFlowBench();
    bench.ports.offers.give(fail('platform.offline'));
    await toFingerOffer(bench);
    expect(bench.view().screen).toMatchObject({ topic: 'other-way', picture: 'offline' });
    expect(bench.ports.fingers.asked).toEqual([]);
  });

  it('asks again, without counting it, when nobody laid a finger down', async () => {
    const bench = createFlowBench();
    await toFingerPress(bench);
    bench.ports.fingers.give(failed('finger.none', 'none'));
    await bench.rest();
    await bench.ports.clock.run(300);
    expect(verifies(bench.ports)).toBe(2);
    expect(bench.view().screen).toMatchObject({ state: 'place', finger: 'right-thumb' });
  });

  it('asks the platform in the name of one session, and another one for the next person', async () => {
    const bench = createFlowBench();
    await toFingerPress(bench);
    const sessions = [...bench.ports.offers.asked, ...bench.ports.templates.asked].map(
      (asked) => (asked as { session: string }).session,
    );
    expect(new Set(sessions).size).toBe(1);
    expect(bench.ports.newSession()).not.toBe(sessions[0]);
  });
});

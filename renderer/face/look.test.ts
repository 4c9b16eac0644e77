import { describe, expect, it } from 'vitest';
import type { FaceChallenge } from '../../contract/check.schema.ts';
import { greyOf, SCENES, type SceneName } from '../../tests/support/fake-camera/scenes.ts';
import { gridShareOf, lightOf, motionBetween, sharpnessOf, SIDE, type GreyFrame } from './gates.ts';
import { Look } from './look.ts';

const FRAME_MS = 140;
const ORDERS: readonly (readonly FaceChallenge[])[] = [
  ['turn-head', 'come-closer'],
  ['come-closer', 'turn-head'],
];

function frameOf(name: SceneName, ms: number): GreyFrame {
  return { side: SIDE, grey: greyOf(SCENES[name], SIDE, ms) };
}

/** Everything that was said in 20 seconds, each sentence once, and how it ended. */
function look(name: SceneName, challenges: readonly FaceChallenge[] = ['turn-head', 'come-closer']) {
  const walk = new Look(challenges);
  const hints: string[] = [];
  for (let ms = 0; ms < 20_000; ms += FRAME_MS) {
    const step = walk.take(frameOf(name, ms));
    if (step.kind !== 'hint') return { hints, end: step.kind };
    if (hints.at(-1) !== step.hint) hints.push(step.hint);
  }
  return { hints, end: 'nothing' };
}

describe('one look into the camera', () => {
  it.each(ORDERS)('sees somebody who does what is asked: %s, %s', (...challenges) => {
    expect(look('person', challenges).end).toBe('seen');
  });

  it.each(ORDERS)('does not see a photo that is held still: %s, %s', (...challenges) => {
    expect(look('photo', challenges).end).toBe('nothing');
  });

  it.each(ORDERS)(
    'does not take a photo that is waved and brought nearer for a turning head: %s, %s',
    (...challenges) => {
      const { hints, end } = look('waved-photo', challenges);
      expect(end).toBe('nothing');
      expect(hints).toContain('turn-head');
      expect(hints).not.toContain('hold');
    },
  );

  it.each([
    ['dark', 'dark'],
    ['bright', 'bright'],
    ['wall', 'centre'],
  ] as const)('says what is wrong with the light: %s', (scene, hint) => {
    expect(look(scene)).toEqual({ hints: [hint], end: 'nothing' });
  });

  it('knows the pixels of a coarse screen', () => {
    expect(look('screen').end).toBe('notLive');
  });

  it('remembers no picture after it was told to forget', () => {
    const walk = new Look(['turn-head']);
    const frame = frameOf('person', 0);
    walk.take(frame);
    walk.forget();
    expect(frame.grey.every((level) => level === 0)).toBe(true);
  });
});

describe('the gates', () => {
  it('measure light inside the oval alone', () => {
    const grey = new Uint8Array(SIDE * SIDE).fill(100);
    for (let x = 0; x < SIDE; x += 1) grey[x] = 255;
    expect(lightOf({ side: SIDE, grey })).toMatchObject({ mean: 100, spread: 0, whiteShare: 0 });
  });

  it('find a blurred picture less sharp than a clear one', () => {
    const clear = frameOf('person', 0);
    const grey = new Uint8Array(clear.grey);
    for (let round = 0; round < 4; round += 1)
      for (let at = SIDE + 1; at < grey.length - SIDE - 1; at += 1)
        grey[at] = ((grey[at - 1] ?? 0) + (grey[at + 1] ?? 0) + (grey[at - SIDE] ?? 0) + (grey[at + SIDE] ?? 0)) / 4;
    expect(sharpnessOf({ side: SIDE, grey })).toBeLessThan(sharpnessOf(clear) / 3);
  });

  it('find a grid only where there is one', () => {
    expect(gridShareOf(frameOf('screen', 0))).toBeGreaterThan(0.5);
    expect(gridShareOf(frameOf('person', 0))).toBeLessThan(0.1);
  });

  it('explain a shifted picture wholly by its shift', () => {
    const before = frameOf('photo', 0);
    const grey = new Uint8Array(before.grey.length);
    for (let y = 0; y < SIDE; y += 1)
      for (let x = 0; x < SIDE; x += 1) grey[y * SIDE + x] = before.grey[y * SIDE + Math.max(0, x - 3)] ?? 0;
    const motion = motionBetween(before, { side: SIDE, grey });
    expect(motion.way).toBeCloseTo(3, 0);
    expect(motion.bend).toBeLessThan(0.2);
    expect(motion.scale).toBeCloseTo(1, 2);
  });
});

/** Whatever the line does to the answers, a verdict that is given is the right one. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FingerName, Person } from './simulator/fingers.ts';
import { moduleStation, storedTemplate } from './testing/module-station.test-support.ts';

const SLOW_TEST_MS = 120_000;
const FINGERS: readonly (readonly [Person, FingerName, string])[] = [
  ['resident', 'rightIndex', 'match'],
  ['stranger', 'rightIndex', 'mismatch'],
  ['resident', 'rightMiddle', 'mismatch'],
  ['resident', 'leftThumb', 'poor'],
];

const weather = fc.record({
  finger: fc.constantFrom(...FINGERS),
  lateMs: fc.constantFrom(0, 0, 30, 400, 900, 1_100, 2_500),
  doubled: fc.boolean(),
  staleAck: fc.boolean(),
  echoAfterMs: fc.constantFrom(0, 0, 1, 40, 260, 700),
  splitEveryBytes: fc.constantFrom(0, 1, 7),
  splitGapMs: fc.constantFrom(0, 3),
  receiveErrors: fc.nat(2),
  unasked: fc.array(fc.tuple(fc.nat(3_000), fc.constantFrom(0x00, 0x02, 0x07, 0x08)), { maxLength: 4 }),
  budgetMs: fc.constantFrom(700, 5_000, 40_000),
});

type Weather = typeof weather extends fc.Arbitrary<infer T> ? T : never;

function quiet(finger: Weather['finger']): Weather {
  return {
    finger,
    lateMs: 0,
    doubled: false,
    staleAck: false,
    echoAfterMs: 0,
    splitEveryBytes: 0,
    splitGapMs: 0,
    receiveErrors: 0,
    unasked: [],
    budgetMs: 40_000,
  };
}

it('never is wrong, and never comes from the person before', { timeout: SLOW_TEST_MS }, async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(weather, { minLength: 2, maxLength: 4 }), async (sequence) => {
      const { clock, module, driver, start } = moduleStation({ module: { sizes: { imageBytes: 512 } } });
      await clock.run(5_000);
      for (const { finger, lateMs, doubled, budgetMs, unasked, ...faults } of sequence) {
        const [person, name, expected] = finger;
        module.press(person, name);
        Object.assign(module.faults, faults);
        Object.assign(module.wire.faults, { lateMs, doubled });
        for (const [ms, code] of unasked) clock.after(ms, () => module.sayUnasked(code));
        const template = storedTemplate('resident', 'rightIndex');
        const outcome = await clock.runUntil(start({ kind: 'verify', template }, budgetMs));
        const result = outcome.kind === 'done' && outcome.reply.kind === 'verify' ? outcome.reply.result : 'none';
        seen.add(result);
        expect([expected, 'none']).toContain(result);
      }
      await driver.close();
    }),
    // each finger once with nothing in the way: chance alone may give none of them a quiet line
    { numRuns: 60, examples: FINGERS.map((finger): [Weather[]] => [[quiet(finger), quiet(finger)]]) },
  );
  expect([...seen].toSorted()).toEqual(['match', 'mismatch', 'none', 'poor']);
});

it('never is wrong with one bit of one answer changed', { timeout: SLOW_TEST_MS }, async () => {
  for (const [person, name, expected] of FINGERS.slice(0, 2)) {
    const bytes = await verifyFlipped(person, name, undefined);
    expect(bytes.result).toBe(expected);
    // a step that meets each place of a packet sooner or later
    for (let at = 0; at < bytes.count; at += 37) {
      const { result } = await verifyFlipped(person, name, { at, bit: at % 8 });
      expect([expected, 'none'], `byte ${at}`).toContain(result);
    }
  }
});

async function verifyFlipped(person: Person, name: FingerName, flip: { at: number; bit: number } | undefined) {
  let count = 0;
  let isOn = false;
  const { clock, driver, link, module, start } = moduleStation({ module: { sizes: { imageBytes: 64 } }, wire: spoil });
  function spoil(bytes: Uint8Array): Uint8Array {
    if (!isOn) return bytes;
    const spoiled = Uint8Array.from(bytes);
    const at = flip ? flip.at - count : -1;
    if (flip && at >= 0 && at < spoiled.length) spoiled[at] = (spoiled[at] ?? 0) ^ (1 << flip.bit);
    count += bytes.length;
    return spoiled;
  }
  await clock.run(5_000);
  isOn = true;
  module.press(person, name);
  const outcome = await clock.runUntil(start({ kind: 'verify', template: storedTemplate('resident', 'rightIndex') }));
  const total = count;
  isOn = false;
  await driver.close();
  expect(link.state).toBe('lost');
  const result = outcome.kind === 'done' && outcome.reply.kind === 'verify' ? outcome.reply.result : 'none';
  return { result, count: total };
}

/** 100,000 hostile inputs a codec: whatever comes, it answers with a meaning or a typed problem, at once and within bounds. */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WireKey } from '../wire-key.ts';
import { WIRE_KEYS } from '../wire-keys.ts';
import { bytesOf, hexOf } from './frames.ts';

const INPUTS = 100_000;
const FUZZ_TEST_MS = 300_000;
/** Longer than any frame; a decoder that keeps more of what it could not read grows with the noise. */
const PENDING_LIMIT_BYTES = 8_192;
const MEANING_LIMIT = 400_000;

/** Bytes of any kind, and the sheet's own frames cut, flipped, doubled and joined: those reach deep into a codec. */
function inputs(key: string): fc.Arbitrary<Uint8Array> {
  const frames = framesOf(key);
  const noise = fc.uint8Array({ maxLength: 96 });
  if (frames.length === 0) return noise;
  const frame = fc.constantFrom(...frames);
  const cut = fc.tuple(frame, fc.nat(), fc.nat()).map(([bytes, from, length]) => {
    const start = from % bytes.length;
    return bytes.slice(start, start + (length % (bytes.length + 1)));
  });
  const damaged = fc
    .tuple(frame, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }))
    .map(([bytes, changes]) => {
      const changed = Uint8Array.from(bytes);
      for (const [at, value] of changes) changed[at % changed.length] = value;
      return changed;
    });
  const run = fc
    .array(fc.oneof(frame, cut, damaged, noise), { minLength: 2, maxLength: 3 })
    .map((parts) => Uint8Array.from(Buffer.concat(parts)));
  return fc.oneof(noise, cut, damaged, run);
}

function framesOf(key: string): readonly Uint8Array[] {
  const folder = join(import.meta.dirname, 'frames');
  if (!readdirSync(folder).includes(`${key}.json`)) return [];
  const file = JSON.parse(readFileSync(join(folder, `${key}.json`), 'utf8')) as { frames: { hex: string }[] };
  return file.frames.map(({ hex }) => bytesOf(hex));
}

describe.each([...WIRE_KEYS])('$key', (codec) => {
  it(
    `answers each of ${INPUTS.toLocaleString('en')} hostile inputs with a meaning or a typed problem`,
    { timeout: FUZZ_TEST_MS },
    () => {
      fc.assert(
        fc.property(inputs(codec.key), (bytes) => {
          const before = hexOf(bytes);
          const decoded = codec.decode(bytes);
          if (hexOf(bytes) !== before) throw new Error('the input was changed');
          if (decoded.ok) checkMeaning(codec, decoded.value);
          else if (decoded.problem.code !== 'device.garbage') throw new Error(`a bad frame is ${decoded.problem.code}`);
          checkMask(codec, bytes);
        }),
        { numRuns: INPUTS },
      );
      expect.assertions(0);
    },
  );

  it.skipIf(!codec.stream)('keeps a bounded rest and finds the same in any pieces', { timeout: FUZZ_TEST_MS }, () => {
    fc.assert(
      fc.property(
        fc.array(inputs(codec.key), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (parts, sizes) => {
          const bytes = Uint8Array.from(Buffer.concat(parts));
          const whole = codec.stream?.();
          const pieces = codec.stream?.();
          if (!whole || !pieces) return;
          const found = [...whole.push(bytes)];
          const foundInPieces: unknown[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            foundInPieces.push(...pieces.push(bytes.slice(at, at + size)));
            at += size;
          }
          expect(foundInPieces).toEqual(found);
          expect(pieces.pendingBytes).toBeLessThanOrEqual(PENDING_LIMIT_BYTES);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

function checkMeaning(codec: WireKey, meaning: unknown): void {
  if (JSON.stringify(meaning).length > MEANING_LIMIT) throw new Error('a meaning that grows beyond its frame');
  codec.encode?.(meaning); // may refuse, must not throw
}

function checkMask(codec: WireKey, bytes: Uint8Array): void {
  for (const direction of ['toDevice', 'fromDevice'] as const) {
    const masked = codec.mask?.(direction, bytes);
    if (masked && masked.length !== bytes.length) throw new Error('a mask that changes the length');
  }
}

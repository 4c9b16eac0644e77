import fc from 'fast-check';
import { describe, it } from 'vitest';
import { hexOf } from '../testing/frames.ts';
import { HEADER_BYTES, MAX_LENGTH, SamDecoder, sealFrame, type SamEvent } from './sam-frame.codec.ts';

const payload = fc.uint8Array({ minLength: 2, maxLength: 80 });
/** Bytes that begin no frame. */
const noise = fc.uint8Array({ maxLength: 30 }).map((bytes) => bytes.map((byte) => (byte === 0x69 ? 0 : byte)));

function pieces(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    cut.push(bytes.slice(at, at + size));
    at += size;
  }
  return cut;
}

function said(events: readonly SamEvent[]): string[] {
  return events.map((event) => (event.kind === 'frame' ? hexOf(event.payload) : event.reason));
}

describe('the decoder', () => {
  it('finds every frame between any noise, in any pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, payload), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        (parts, sizes) => {
          const bytes = Uint8Array.from(Buffer.concat(parts.flatMap(([before, each]) => [before, sealFrame(each)])));
          const decoder = new SamDecoder();
          const found = said(pieces(bytes, sizes).flatMap((piece) => decoder.push(piece)));
          const expected = parts.map(([, each]) => hexOf(each));
          if (found.join() !== expected.join()) throw new Error(`${found.join()} instead of ${expected.join()}`);
        },
      ),
    );
  });

  it('takes no frame in which one bit is wrong', () => {
    fc.assert(
      fc.property(payload, fc.nat(), fc.integer({ min: 0, max: 7 }), (each, at, bit) => {
        const frame = sealFrame(each);
        const place = at % frame.length;
        frame[place] = (frame[place] ?? 0) ^ (1 << bit);
        const events = new SamDecoder().push(frame);
        // a shorter frame may lie inside it only if it was put there
        if (events.some((event) => event.kind === 'frame' && event.payload.length >= each.length))
          throw new Error('taken');
      }),
    );
  });

  it('keeps no more than one frame of whatever comes', () => {
    const decoder = new SamDecoder();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9_000 }), (bytes) => {
        decoder.push(bytes);
        return decoder.pendingBytes <= HEADER_BYTES + MAX_LENGTH;
      }),
    );
  });
});

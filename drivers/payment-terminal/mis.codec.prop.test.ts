import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf } from '../testing/frames.ts';
import { MisDecoder, type MisEvent } from './mis-tlv.codec.ts';

const frame = framesOf('pos-mis-serial');
const PARTS = ['rsp-sale-ok', 'rsp-sale-cancelled', 'ack', 'nak', 'ack-then-frame'].map(frame);

function inPieces(bytes: Uint8Array, cuts: readonly number[]): MisEvent[] {
  const decoder = new MisDecoder();
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].toSorted(
    (a, b) => a - b,
  );
  return edges.slice(1).flatMap((edge, index) => decoder.push(bytes.slice(edges[index], edge)));
}

describe('MIS decoder', () => {
  it('gives the same events however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(900)),
        (parts, cuts) => {
          const bytes = bytesOf(parts.join(''));
          expect(inPieces(bytes, cuts)).toEqual(new MisDecoder().push(bytes));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('finds the frame behind any garbage, at the latest when the line falls quiet, and never sees NAK in false frames', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (garbage) => {
        const decoder = new MisDecoder();
        const events = decoder.push(Buffer.concat([garbage, bytesOf(frame('rsp-sale-cancelled'))]));
        while (decoder.isInsideFrame) events.push(...decoder.giveUpFrame());
        expect(events.some((event) => event.kind === 'frame' && event.fields.length === 4)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

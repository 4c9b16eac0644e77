import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, framesOf } from '../testing/frames.ts';
import { EscposStatusDecoder, type Dialect, type PrinterEvent } from './escpos-status.codec.ts';

const frame = framesOf('printer-escpos');
const custom = framesOf('printer-custom');
const EPSON = ['eot1-online', 'asb-cover', 'asb-paper-out', 'process-id-0001-done', 'gs-r-near', 'gs-i-67-reply'].map(
  frame,
);
const STAR = ['asb-ok', 'asb-cover', 'asb-paper-out'].map(framesOf('printer-star'));
const CUSTOM = ['full-status-ok', 'full-status-ticket', 'full-status-paper-out'].map(custom);

function decodeInPieces(dialect: Dialect, bytes: Uint8Array, cuts: number[]): PrinterEvent[] {
  const decoder = new EscposStatusDecoder(dialect);
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].toSorted(
    (a, b) => a - b,
  );
  return edges.slice(1).flatMap((edge, index) => decoder.push(bytes.slice(edges[index], edge)));
}

describe('status decoder', () => {
  it.each([
    ['epson', EPSON],
    ['custom', CUSTOM],
    ['cashino', ['92', '12', '00', '0C']],
    ['star', STAR],
  ] as const)('gives the same events however the bytes are cut (%s)', (dialect, frames) => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...frames), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(200)),
        (picked, cuts) => {
          const bytes = bytesOf(picked.join(''));
          const whole = new EscposStatusDecoder(dialect).push(bytes);
          expect(whole).toHaveLength(picked.length);
          expect(decodeInPieces(dialect, bytes, cuts)).toEqual(whole);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps a bounded rest and takes a proof for a proof whatever garbage came before', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => {
        const decoder = new EscposStatusDecoder('epson');
        decoder.push(garbage);
        // A block head in the garbage may swallow what follows up to NUL; four NULs end anything that was begun.
        decoder.push(new Uint8Array(4));
        expect(decoder.push(bytesOf(frame('process-id-0001-done')))).toContainEqual({ kind: 'processId', id: '0001' });
      }),
      { numRuns: 300 },
    );
  });
});

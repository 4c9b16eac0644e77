import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage, MAX_MESSAGE_BYTES } from './plain-json.codec.ts';

describe('plain JSON codec', () => {
  it('changes nothing that is JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = encodeMessage(value);
        expect(decodeMessage(Buffer.from(text), false)).toEqual({ ok: true, value: JSON.parse(JSON.stringify(value)) });
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it.each([
    ['a Date', { at: new Date(0) }],
    ['a Map', { map: new Map() }],
    ['a Set', [new Set()]],
    ['a bigint', { n: 1n }],
    ['NaN', { n: NaN }],
    ['a function', { f: () => 1 }],
    ['bytes', { b: new Uint8Array(2) }],
    ['an error', new Error('x')],
  ])('refuses %s instead of bending it', (_name, value) => {
    expect(() => encodeMessage(value)).toThrow('not plain JSON');
  });

  it('refuses binary, broken and oversize messages as values', () => {
    expect(decodeMessage(Buffer.from('{}'), true)).toMatchObject({ ok: false });
    expect(decodeMessage(Buffer.from('{'), false)).toMatchObject({ ok: false });
    expect(decodeMessage(Buffer.from(`"${'x'.repeat(MAX_MESSAGE_BYTES)}"`), false)).toMatchObject({ ok: false });
  });
});

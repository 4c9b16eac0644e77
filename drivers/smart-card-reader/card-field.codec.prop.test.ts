import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../testing/frames.ts';
import { decodeField, isoDate } from './card-field.codec.ts';

const padding = fc.constantFrom('00', 'FF', '20');
const name = fc.string({
  unit: fc.constantFrom(...'陈小明黄秀英古丽巴哈尔·阿不都热合曼何大文？'),
  minLength: 1,
  maxLength: 10,
});

describe('decoding fields', () => {
  it('finds a Chinese name whatever the field is padded with', () => {
    fc.assert(
      fc.property(name, padding, fc.nat(12), (text, filler, count) => {
        const hex = iconv.encode(text, 'gbk').toString('hex') + filler.repeat(count);
        expect(decodeField(bytesOf(hex), 'gbk')).toBe(text);
      }),
      { numRuns: 80 },
    );
  });

  it('drops a last character that the end of the field cut in half', () => {
    fc.assert(
      fc.property(name, name, (text, next) => {
        const hex = iconv.encode(text, 'gbk').toString('hex') + iconv.encode(next, 'gbk').toString('hex').slice(0, 2);
        expect(decodeField(bytesOf(hex), 'gbk')).toBe(text);
      }),
      { numRuns: 40 },
    );
  });

  it('finds digits padded with F nibbles, and keeps leading zeros', () => {
    const digits = fc.stringMatching(/^[0-9]{1,20}$/).filter((text) => /[1-9]/.test(text));
    fc.assert(
      fc.property(digits, fc.nat(6), (text, count) => {
        const packed = text + 'F'.repeat(text.length % 2) + 'FF'.repeat(count);
        expect(decodeField(bytesOf(packed), 'bcd')).toBe(text);
      }),
      { numRuns: 80 },
    );
  });

  it('finds printable text whatever it is padded with', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]{1,20}$/), padding, fc.nat(12), (text, filler, count) => {
        expect(decodeField(bytesOf(Buffer.from(text).toString('hex') + filler.repeat(count)), 'ascii')).toBe(text);
      }),
      { numRuns: 80 },
    );
  });

  it('never throws, and gives no control characters, no padding and no emptiness', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.constantFrom('ascii' as const, 'gbk' as const, 'bcd' as const, 'hex' as const),
        (bytes, encoding) => {
          const text = decodeField(bytes, encoding);
          if (text === undefined) return;
          expect(text).toMatch(/^\P{Cc}+$/u);
          expect(text.trim()).toBe(text);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each(['ascii', 'gbk', 'bcd', 'hex'] as const)('reads an empty slot as nothing (%s)', (encoding) => {
    for (const hex of ['00000000', 'FFFFFFFF']) expect(decodeField(bytesOf(hex), encoding)).toBeUndefined();
  });

  it('refuses digits that are none, text that is none', () => {
    expect(decodeField(bytesOf('12A4'), 'bcd')).toBeUndefined();
    expect(decodeField(bytesOf('F123'), 'bcd')).toBeUndefined();
    expect(decodeField(bytesOf('41C3'), 'ascii')).toBeUndefined();
    expect(decodeField(bytesOf('41FFFFC342'), 'gbk')).toBeUndefined();
    expect(decodeField(bytesOf('B3C20AD0A1'), 'gbk')).toBeUndefined();
  });

  it('makes a date of eight digits that are one', () => {
    expect(isoDate('20401231')).toBe('2040-12-31');
    expect(isoDate('20240229')).toBe('2024-02-29');
    for (const none of ['20230229', '20401301', '20400100', '2040123', '']) expect(isoDate(none)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { hexOf } from '../testing/frames.ts';
import { qrModuleDots } from './qr-size.ts';
import { printerBytes } from './printer-font.ts';
import { columnsOf, harmless, pairLines, wrap } from './receipt-text.ts';

function encodeText(text: string): Uint8Array {
  return printerBytes(harmless(text), 'gbk') ?? new Uint8Array();
}

describe('receipt text', () => {
  it('counts a Chinese character as two columns', () => {
    expect(columnsOf('排队号 A012')).toBe(11);
  });

  it('never lets a control character through as a command', () => {
    expect(hexOf(encodeText('a\u001B@\u0010\u0004b'))).toBe('6120402062');
  });

  it('sends the half-width yen sign as the full-width one, which every GBK font has', () => {
    expect(hexOf(encodeText('¥5'))).toBe('A3A435');
  });

  it('ends a pair exactly at the last column', () => {
    const [line, ...more] = pairLines('停车费', '￥5.00', 32);
    expect(more).toEqual([]);
    expect(columnsOf(line ?? '')).toBe(32);
    expect(line?.startsWith('停车费 ')).toBe(true);
    expect(line?.endsWith('￥5.00')).toBe(true);
  });

  it('puts a value that does not fit below its label, still at the right edge', () => {
    const lines = pairLines('办理事项名称', '城乡居民基本医疗保险参保登记业务办理回执', 32);
    expect(lines[0]).toBe('办理事项名称');
    expect(lines.slice(1).map(columnsOf)).toEqual([32, 32]);
  });

  it('breaks before a word that does not fit, and inside one longer than the line', () => {
    expect(wrap('hello wonderful world', 12)).toEqual(['hello', 'wonderful', 'world']);
    expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrap('番禺区公共服务站', 7)).toEqual(['番禺区', '公共服', '务站']);
    expect(wrap('a\nb', 10)).toEqual(['a', 'b']);
  });

  it('takes smaller modules for a code that would be wider than the paper', () => {
    expect(qrModuleDots(20, 576)).toBe(6);
    expect(qrModuleDots(1_500, 576)).toBe(3);
  });
});

import { describe, expect, it } from 'vitest';
import { CODE128_PATTERNS, parseCode128 } from './code128.ts';

describe('CODE128', () => {
  it('has 107 different patterns of eleven modules, the stop of thirteen', () => {
    const widths = CODE128_PATTERNS.map((pattern) => [...pattern].reduce((sum, width) => sum + Number(width), 0));
    expect(new Set(CODE128_PATTERNS).size).toBe(107);
    expect(widths).toEqual([...Array.from({ length: 106 }, () => 11), 13]);
  });

  it('adds the check symbol', () => {
    const bytes = new TextEncoder().encode('{BPJJ123C');
    // the textbook example: start B 104, values 48 42 42 17 18 19 35, check 55
    expect(parseCode128(bytes)?.symbols).toEqual([104, 48, 42, 42, 17, 18, 19, 35, 55]);
  });

  it('prints nothing without a code set, and a brace when it is doubled', () => {
    expect(parseCode128(new TextEncoder().encode('A012'))).toBeUndefined();
    expect(parseCode128(new TextEncoder().encode('{Ba{{b'))?.text).toBe('a{b');
  });
});

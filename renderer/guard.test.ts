import { describe, expect, it } from 'vitest';
import { isForbiddenKey } from './guard.ts';

const PLAIN = { ctrlKey: false, altKey: false, metaKey: false };

describe('key guard', () => {
  it.each(['F1', 'F5', 'F11', 'F12', 'Escape', 'ContextMenu', 'PrintScreen'])('swallows %s', (key) => {
    expect(isForbiddenKey({ ...PLAIN, key })).toBe(true);
  });

  it.each([
    ['ctrlKey', 't'],
    ['altKey', 'ArrowLeft'],
    ['metaKey', 'l'],
  ] as const)('swallows %s chords', (modifier, key) => {
    expect(isForbiddenKey({ ...PLAIN, [modifier]: true, key })).toBe(true);
  });

  it.each(['1', '9', 'Enter', ' ', 'Tab', 'F', 'f'])('lets %j of a plain keypad through', (key) => {
    expect(isForbiddenKey({ ...PLAIN, key })).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { isKeyAllowed } from './key-table.ts';

const plain = { control: false, alt: false, meta: false };

describe('key table', () => {
  it.each(['a', 'Z', '7', ' ', '粤', 'Enter', 'Backspace', 'Tab', 'Shift', 'ArrowLeft'])('lets %s through', (key) => {
    expect(isKeyAllowed({ key, ...plain })).toBe(true);
  });

  it.each(['Escape', 'F1', 'F5', 'F11', 'F12', 'F24', 'ContextMenu', 'PrintScreen', 'BrowserBack', 'BrowserHome'])(
    'swallows %s',
    (key) => {
      expect(isKeyAllowed({ key, ...plain })).toBe(false);
    },
  );

  it.each(['LaunchMail', 'LaunchApplication1', 'MediaPlayPause', 'Control', 'Alt', 'Meta', 'Process', 'Dead', ''])(
    'swallows %s, which no screen needs',
    (key) => {
      expect(isKeyAllowed({ key, ...plain })).toBe(false);
    },
  );

  it.each([
    ['t', { control: true }],
    ['Tab', { alt: true }],
    ['F4', { alt: true }],
    ['ArrowLeft', { alt: true }],
    ['l', { meta: true }],
    ['Delete', { control: true, alt: true }],
  ])('swallows %s with %o', (key, modifiers) => {
    expect(isKeyAllowed({ key, ...plain, ...modifiers })).toBe(false);
  });
});

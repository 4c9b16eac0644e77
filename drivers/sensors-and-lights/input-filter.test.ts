import { describe, expect, it } from 'vitest';
import { InputFilter } from './input-filter.ts';

describe('a contact', () => {
  it('is believed at the first look', () => {
    const door = new InputFilter({ input: 0 });
    expect(door.value).toBeUndefined();
    door.look(true, 0);
    expect(door.value).toBe(true);
  });

  it('that bounces does not change until it has rested', () => {
    const door = new InputFilter({ input: 0, debounceMs: 50 });
    for (const [contact, now] of [
      [false, 0],
      [true, 10],
      [false, 20],
      [true, 30],
      [true, 79],
    ] as const) {
      door.look(contact, now);
      expect(door.value, `at ${now}`).toBe(false);
    }
    expect(door.settlesInMs(79)).toBe(1);
    door.look(true, 80);
    expect(door.value).toBe(true);
    expect(door.settlesInMs(80)).toBe(0);
  });

  it('normally closed reads the other way round', () => {
    const door = new InputFilter({ input: 0, activeHigh: false });
    door.look(true, 0);
    expect(door.value).toBe(false);
  });

  it('against tampering is told at the first look and for a minute after', () => {
    const door = new InputFilter({ input: 0, tamper: true });
    door.look(false, 0);
    expect(door.value).toBe(false);
    door.look(true, 200);
    expect(door.value).toBe(true);
    door.look(false, 400);
    door.look(false, 60_199);
    expect(door.value).toBe(true);
    door.look(false, 60_200);
    expect(door.value).toBe(false);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasRightCheckCharacter } from './citizen-number.ts';

describe('citizen numbers', () => {
  it.each(['440113190001010016', '440106199910017896', '44018119020316102X', '810000190203040039'])(
    '%s is right',
    (number) => {
      expect(hasRightCheckCharacter(number)).toBe(true);
    },
  );

  it('with any one digit wrong, or two neighbours exchanged, are wrong', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (at, shift) => {
        const digits = [...'440113190001010016'];
        digits[at] = String((Number(digits[at]) + shift) % 10);
        return !hasRightCheckCharacter(digits.join(''));
      }),
    );
    expect(hasRightCheckCharacter('440131190001010016')).toBe(false);
  });

  it('of another form are wrong', () => {
    for (const wrong of [
      '',
      '44011319000101001',
      '4401131900010100166',
      '44018119020316102x',
      '４４0113190001010016',
    ]) {
      expect(hasRightCheckCharacter(wrong)).toBe(false);
    }
  });
});

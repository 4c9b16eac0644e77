import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskCard, maskName, maskPlate } from './mask.ts';
import { PLATE_KEYS, PROVINCES, plateFault } from './plate.ts';

describe('a plate', () => {
  it.each([
    ['粤A8K562', undefined],
    ['粤AD12345', undefined],
    ['粤Z1234港', undefined],
    ['XA8K562', 'province'],
    ['粤18K562', 'letter'],
    ['粤AOOO01', 'shape'],
    ['粤A8K56', 'length'],
    ['粤A8K5621 2', 'length'],
    ['', 'province'],
  ])('%s has the fault %s', (plate, fault) => {
    expect(plateFault(plate)).toBe(fault);
  });

  it('made of our own keys never crashes the check', () => {
    const keys = fc.array(fc.constantFrom(...PROVINCES, ...PLATE_KEYS), { maxLength: 9 });
    fc.assert(
      fc.property(keys, (typed) =>
        [undefined, 'province', 'letter', 'length', 'shape'].includes(plateFault(typed.join(''))),
      ),
    );
  });
});

describe('masking', () => {
  it.each([
    ['陈小明', '陈**'],
    ['陈明', '陈*'],
    ['欧阳小明', '欧阳**'],
    ['欧阳', '欧*'],
    ['阿卜杜拉·买买提', '阿****'],
    ['陈', '陈*'],
  ])('shows of %s only %s', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });

  it('never shows a given name, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 3, maxLength: 12 }), (name) => {
        const masked = maskName(name);
        expect([...masked].filter((character) => character !== '*').length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('shows of a card its last four, of a plate its first and last two', () => {
    expect(maskCard('5810000190010012')).toBe('**** 0012');
    expect(maskPlate('粤A8K562')).toBe('粤A·8**62');
    expect(maskPlate('粤AD12345')).toBe('粤A·D***45');
  });
});

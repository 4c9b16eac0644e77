import { expect, it } from 'vitest';
import { contentChanges } from './content-changes.ts';

const PRICES = { parking: { places: [{ id: 'north', cents: 400 }] } };

it('names what was changed, added and taken away by where it stands', () => {
  const after = { parking: { places: [{ id: 'north', cents: 500 }, { id: 'south' }] } };
  expect(contentChanges(PRICES, after)).toEqual([
    '~ parking.places[0].cents: 400 -> 500',
    '+ parking.places[1].id: "south"',
  ]);
  expect(contentChanges(after, PRICES)).toEqual([
    '~ parking.places[0].cents: 500 -> 400',
    '- parking.places[1].id: "south"',
  ]);
});

it('says nothing when only the order of keys differs', () => {
  expect(contentChanges({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([]);
});

it('sees a list that was emptied, and a first document that says nothing', () => {
  expect(contentChanges({ closed: [{ service: 'parking' }] }, { closed: [] })).toEqual([
    '+ closed: []',
    '- closed[0].service: "parking"',
  ]);
  expect(contentChanges({}, { closed: [] })).toEqual(['+ closed: []']);
});

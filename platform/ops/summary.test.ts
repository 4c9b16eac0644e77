import { expect, it } from 'vitest';
import { withHeads } from './summary.ts';

const TERMINALS = 10_000;
const NOW_MS = 1_000_000;

it('looks at each of ten thousand terminals and their heads once, and not at every head for every terminal', () => {
  let looks = 0;
  const counted = <Row extends object>(row: Row): Row =>
    new Proxy(row, {
      get(target, field) {
        looks += 1;
        return Reflect.get(target, field) as unknown;
      },
    });
  const names = Array.from({ length: TERMINALS }, (_, index) => `kiosk-${index}`);
  const terminals = names.map((terminal) => counted({ terminal, state: 'active' as const, last_seen_ms: NOW_MS }));
  // Two databases each, all first ones before all second ones, as the table gives them.
  const heads = ['inc-1', 'inc-2'].flatMap((incarnation, round) =>
    names.map((terminal, index) => counted({ terminal, incarnation, seq: round * TERMINALS + index })),
  );

  const shown = withHeads(terminals, heads, NOW_MS);

  const fields = 3;
  expect(looks).toBe(fields * (terminals.length + heads.length));
  expect(shown).toHaveLength(TERMINALS);
  expect(shown[42]).toEqual({
    terminal: 'kiosk-42',
    state: 'active',
    online: true,
    lastSeenMs: NOW_MS,
    records: 42 + (TERMINALS + 42),
    heads: [
      { incarnation: 'inc-1', seq: 42 },
      { incarnation: 'inc-2', seq: TERMINALS + 42 },
    ],
  });
});

it('shows a terminal that has told nothing without a head, and leaves out heads of a terminal nobody knows', () => {
  const silent = { terminal: 'kiosk-1', state: 'suspended', last_seen_ms: null } as const;
  const heads = [{ terminal: 'kiosk-9', incarnation: 'inc-1', seq: 7 }];
  expect(withHeads([silent], heads, NOW_MS)).toEqual([
    { terminal: 'kiosk-1', state: 'suspended', online: false, lastSeenMs: null, records: 0, heads: [] },
  ]);
});

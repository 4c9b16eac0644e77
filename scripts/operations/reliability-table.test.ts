import { describe, expect, it } from 'vitest';
import { reliabilityTable, withTable, type Kept } from './reliability-table.ts';

const KEPT: Kept = {
  at: '2026-03-01T02:00:00.000Z',
  machine: { cpu: 'x', cores: 2 },
  seed: 7,
  size: 'full',
  figures: { runs: 20_000 },
  violations: ['I1: twice | charged'],
  missed: [],
};

describe('the table of attacks', () => {
  it('hides no violation, and names seed and day', () => {
    const table = reliabilityTable(new Map([['crash-logic', KEPT]]));
    expect(table).toContain('| `crash-logic` | runs: 20000 | 1 | – | 7 | 2026-03-01 |');
  });

  it('leaves the words around it alone, however often it is written', () => {
    const document = 'Before\n<!-- figures: written by npm run attacks -->\nold\n<!-- end of figures -->\nAfter\n';
    const once = withTable(document, new Map([['fuzz', KEPT]]));
    expect(once).toMatch(/^Before\n[^]*`fuzz`[^]*\nAfter\n$/);
    expect(once).not.toContain('old');
    expect(withTable(once, new Map([['fuzz', KEPT]]))).toBe(once);
  });

  it('refuses a document without a place for it', () => {
    expect(() => withTable('nothing', new Map())).toThrow('has no <!-- figures');
  });
});

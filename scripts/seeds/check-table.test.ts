import { describe, expect, it } from 'vitest';
import { checkSeeds, countStates, SEED_COUNT, titlesOf, type SeedFiles } from './check-table.ts';

const files: SeedFiles = {
  exists: (path) => path.startsWith('engine/'),
  read: () => "it('prints a ticket', () => {}); it.skip('prints a map', () => {});",
};

function table(changes: Record<string, string>): string {
  const rows = Array.from({ length: SEED_COUNT }, (_, index) => `S${String(index + 1).padStart(2, '0')}`);
  return rows.map((id) => changes[id] ?? `| ${id} thing 物 | need | not yet | – |`).join('\n');
}
const findings = (changes: Record<string, string>): readonly string[] => checkSeeds(table(changes), files);

describe('the table of seeds', () => {
  it('is content with a claim whose test exists', () => {
    const row = '| S20 ticket 取號 | need | works: `engine/ticket.ts` | `engine/a.test.ts › prints a` |';
    expect(findings({ S20: row })).toEqual([]);
    expect(countStates(table({ S20: row }))).toBe('1 works, 0 part, 96 not yet, 0 out of reach');
  });

  it('finds a row that is missing and one that stands twice', () => {
    expect(findings({ S97: '' })).toEqual(['S97: no row']);
    expect(findings({ S97: '| S01 x | n | not yet | – |' })).toEqual(['S01: 2 rows', 'S97: no row']);
  });

  it('finds a claim without a test, and a test without a claim', () => {
    expect(findings({ S20: '| S20 x | n | works: here | – |' })).toHaveLength(1);
    expect(findings({ S20: '| S20 x | n | not yet | `engine/a.test.ts › prints a` |' })).toHaveLength(1);
  });

  it('finds a test file, a title or a path that does not exist', () => {
    for (const test of [
      '`other/a.test.ts › prints a`',
      '`engine/a.test.ts › prints two`',
      '`engine/a.ts › prints a`',
    ]) {
      expect(findings({ S20: `| S20 x | n | part: here | ${test} |` })).toHaveLength(1);
    }
    const row = '| S20 x | n | part: `gone/a.ts` | `engine/a.test.ts › prints a ticket` |';
    expect(findings({ S20: row })).toEqual(['S20: gone/a.ts is not there']);
  });

  it('does not take a skipped test for a proof', () => {
    expect(findings({ S20: '| S20 x | n | part: here | `engine/a.test.ts › prints a map` |' })).toHaveLength(1);
  });

  it('finds a state of nobody’s and a refusal without a reason', () => {
    expect(findings({ S20: '| S20 x | n | soon | – |' })).toHaveLength(1);
    expect(findings({ S20: '| S20 x | n | out of reach | – |' })).toHaveLength(1);
  });

  it('reads titles in any quotes and of any kind of test', () => {
    const source = `it("a 'b'", f); test(\`c\`, f); it.each([1, 2])('d %i', f); it('e\\'f', f); describe('g', f); edit('h')`;
    expect(titlesOf(source)).toEqual(["a 'b'", 'c', 'd %i', "e'f"]);
  });
});

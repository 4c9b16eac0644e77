import { describe, expect, it } from 'vitest';
import { blindSpots, sleepingRules, type CruiseReport } from './layers.ts';

function report(change: { modules?: CruiseReport['modules']; caught?: string[]; rules?: string[] }): CruiseReport {
  return {
    modules: change.modules ?? [],
    summary: {
      violations: (change.caught ?? []).map((name) => ({ from: 'a.ts', to: 'b.ts', rule: { name } })),
      ruleSetUsed: { forbidden: (change.rules ?? []).map((name) => ({ name })) },
    },
  };
}

describe('the guards of the layer gate', () => {
  it('names a source file that was never cruised', () => {
    expect(blindSpots(report({}), ['a.ts'], () => '')).toEqual(['not cruised: a.ts']);
  });

  it('names a file whose imports were not seen', () => {
    const modules = [{ source: 'a.ts', dependencies: [] }];
    for (const text of ["import { b } from './b.ts';", "import {\n  b,\n} from './b.ts';", "export * from './b.ts';"]) {
      expect(blindSpots(report({ modules }), ['a.ts'], () => text)).toEqual(['cruised without its imports: a.ts']);
    }
    expect(blindSpots(report({ modules }), ['a.ts'], () => 'export const a = 1;')).toEqual([]);
  });

  it('names a rule that let its planted violation pass', () => {
    expect(sleepingRules(report({ rules: ['no-cycle', 'no-orphan'], caught: ['no-orphan'] }))).toHaveLength(1);
    expect(sleepingRules(report({ rules: ['no-orphan'], caught: ['no-orphan'] }))).toEqual([]);
  });
});

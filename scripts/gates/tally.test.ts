import { describe, expect, it } from 'vitest';
import {
  add,
  failuresOfPlaywright,
  failuresOfVitest,
  ONE_FAILED,
  ONE_PASSED,
  summaryLine,
  tallyPlaywright,
  tallyVitest,
} from './tally.ts';

const file = (status: string, tests: number): unknown => ({
  name: 'a.test.ts',
  status,
  assertionResults: Array.from({ length: tests }),
});
const vitest = (change: object): unknown => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  success: true,
  testResults: [file('passed', 3)],
  ...change,
});

describe('counting tests', () => {
  it('counts what vitest passed and skipped', () => {
    expect(tallyVitest(vitest({ numPendingTests: 2, numTodoTests: 1 }))).toEqual({ passed: 3, failed: 0, skipped: 3 });
  });

  it('counts a file that broke before its first test', () => {
    const report = vitest({ success: false, testResults: [file('passed', 3), file('failed', 0)] });
    expect(tallyVitest(report)).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  it('counts a red run without a red test', () => {
    expect(tallyVitest(vitest({ success: false }))).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  it('counts a report it cannot read as a failure', () => {
    expect(tallyVitest(undefined)).toEqual(ONE_FAILED);
    expect(tallyPlaywright({ stats: {} })).toEqual(ONE_FAILED);
  });

  it('counts a flaky browser test as red', () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 2, skipped: 1 }, errors: [{}] };
    expect(tallyPlaywright(report)).toEqual({ passed: 5, failed: 4, skipped: 1 });
  });

  it('names each red test with what it said, and each file that broke', () => {
    const red = { status: 'failed', fullName: 'a > b', failureMessages: ['Error: no\n at x'] };
    const green = { status: 'passed', fullName: 'a > c', failureMessages: [] };
    const testResults = [{ name: 'a.test.ts', status: 'failed', assertionResults: [green, red] }, file('failed', 0)];
    expect(failuresOfVitest(vitest({ success: false, testResults }))).toEqual([
      'a.test.ts: a > b: Error: no',
      'a.test.ts: broke before its first test',
    ]);
  });

  it('names each red browser test with all it said, however deep it stands', () => {
    const spec = (ok: boolean, errors: readonly object[]): object => ({
      title: 'swallows keys',
      file: 'e2e/a.e2e.ts',
      line: 3,
      ok,
      tests: [{ results: [{ errors }] }],
    });
    const red = spec(false, [{ message: 'Error: no\n at x' }, { message: 'gone' }]);
    const suites = [{ specs: [spec(true, [])], suites: [{ specs: [red] }] }];
    const stats = { expected: 1, unexpected: 1, flaky: 0, skipped: 0 };
    expect(failuresOfPlaywright({ stats, errors: [], suites })).toEqual([
      'e2e/a.e2e.ts:3: swallows keys: Error: no; gone',
    ]);
  });

  it('says skipped only when something was', () => {
    expect(summaryLine(add(ONE_PASSED, ONE_PASSED, ONE_FAILED))).toBe('2 passed, 1 failed');
    expect(summaryLine({ passed: 4, failed: 0, skipped: 1 })).toBe('4 passed, 0 failed, 1 skipped');
  });
});

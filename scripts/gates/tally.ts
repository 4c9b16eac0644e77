/** Adding up what the gates found. */
import Type from 'typebox';
import { Value } from 'typebox/value';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const ONE_PASSED: Tally = { passed: 1, failed: 0, skipped: 0 };
export const ONE_FAILED: Tally = { passed: 0, failed: 1, skipped: 0 };

const VitestReport = Type.Object({
  numPassedTests: Type.Integer(),
  numFailedTests: Type.Integer(),
  numPendingTests: Type.Integer(),
  numTodoTests: Type.Integer(),
  success: Type.Boolean(),
  testResults: Type.Array(
    Type.Object({ name: Type.String(), status: Type.String(), assertionResults: Type.Array(Type.Unknown()) }),
  ),
});

const FailedAssertion = Type.Object({
  status: Type.Literal('failed'),
  fullName: Type.String(),
  failureMessages: Type.Array(Type.String()),
});

const PlaywrightReport = Type.Object({
  stats: Type.Object({
    expected: Type.Integer(),
    unexpected: Type.Integer(),
    flaky: Type.Integer(),
    skipped: Type.Integer(),
  }),
  errors: Type.Array(Type.Unknown()),
  suites: Type.Optional(Type.Array(Type.Unknown())),
});

const PlaywrightSpec = Type.Object({
  title: Type.String(),
  file: Type.String(),
  line: Type.Integer(),
  ok: Type.Literal(false),
  tests: Type.Array(
    Type.Object({
      results: Type.Array(Type.Object({ errors: Type.Array(Type.Object({ message: Type.Optional(Type.String()) })) })),
    }),
  ),
});

const PlaywrightSuite = Type.Object({
  specs: Type.Array(Type.Unknown()),
  suites: Type.Optional(Type.Array(Type.Unknown())),
});

export function add(...tallies: readonly Tally[]): Tally {
  return {
    passed: sum(tallies.map((tally) => tally.passed)),
    failed: sum(tallies.map((tally) => tally.failed)),
    skipped: sum(tallies.map((tally) => tally.skipped)),
  };
}

/** A file that fails before its first test holds no test to count, so it counts as one failure itself. */
export function tallyVitest(report: unknown): Tally {
  if (!Value.Check(VitestReport, report)) return ONE_FAILED;
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    // unhandled errors leave every test green and the run red
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** One line for each red test and each broken file: where, which, and the first line of what it said. */
export function failuresOfVitest(report: unknown): readonly string[] {
  if (!Value.Check(VitestReport, report)) return [];
  return report.testResults.flatMap(({ name, status, assertionResults }) =>
    status === 'failed' && assertionResults.length === 0
      ? [`${name}: broke before its first test`]
      : assertionResults
          .filter((result) => Value.Check(FailedAssertion, result))
          .map(({ fullName, failureMessages }) => `${name}: ${fullName}: ${firstLine(failureMessages[0])}`),
  );
}

function firstLine(text = ''): string {
  return text.split('\n')[0]?.slice(0, 300) ?? '';
}

/** A flaky test is a red test. */
export function tallyPlaywright(report: unknown): Tally {
  if (!Value.Check(PlaywrightReport, report)) return ONE_FAILED;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
}

/** One line for each red browser test: where, which, and the first line of each thing it said. */
export function failuresOfPlaywright(report: unknown): readonly string[] {
  return Value.Check(PlaywrightReport, report) ? (report.suites ?? []).flatMap(failuresOfSuite) : [];
}

function failuresOfSuite(suite: unknown): readonly string[] {
  if (!Value.Check(PlaywrightSuite, suite)) return [];
  const own = suite.specs
    .filter((spec) => Value.Check(PlaywrightSpec, spec))
    .map(({ file, line, title, tests }) => {
      const said = tests.flatMap(({ results }) => results.flatMap(({ errors }) => errors));
      return `${file}:${line}: ${title}: ${said.map(({ message }) => firstLine(message)).join('; ')}`;
    });
  return [...own, ...(suite.suites ?? []).flatMap(failuresOfSuite)];
}

/** The last line of `npm test`. */
export function summaryLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

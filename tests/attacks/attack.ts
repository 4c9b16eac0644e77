/**
 * An attack: something that tries hard to make the kiosk or the platform lose a yuan or print a page twice, and counts.
 * `npm run <name>` runs one in full and prints its figures; the test suite runs each in its short form.
 */

export interface AttackOptions {
  /** `short` takes seconds and runs in every test run; `full` reaches the promised figures. */
  readonly size: 'short' | 'full';
  /** Everything drawn by chance follows from it: the same seed is the same run. */
  readonly seed: number;
  /** What stood on the command line besides, `--kiosk-days 3650` as `{ 'kiosk-days': '3650' }`. */
  readonly args: Readonly<Record<string, string>>;
  /** Progress, for a person who waits. */
  say(line: string): void;
}

export interface AttackReport {
  /** What was done and seen, in the order in which it is printed. */
  readonly figures: Readonly<Record<string, number | string>>;
  /** Broken promises about money, paper and records: each with the seed or case that shows it again. */
  readonly violations: readonly string[];
  /** Figures of the full form (count, time, rate) that were not reached; a slow machine breaks no test. */
  readonly missed: readonly string[];
}

export interface Attack {
  /** `crash-logic`: the npm command with its colon as a hyphen. */
  readonly name: string;
  /** The promise in one line. */
  readonly promise: string;
  /** Options it takes besides `--seed`, for the usage line: `--kiosk-days N`. */
  readonly usage?: string;
  run(options: AttackOptions): Promise<AttackReport>;
}

/** Of the parts of one attack, one after the other; the same figure stands in one of them only. */
export function together(reports: readonly AttackReport[]): AttackReport {
  return {
    figures: Object.assign({}, ...reports.map(({ figures }) => figures)) as AttackReport['figures'],
    violations: reports.flatMap(({ violations }) => violations),
    missed: reports.flatMap(({ missed }) => missed),
  };
}

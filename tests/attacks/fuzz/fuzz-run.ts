/** One worker's share: runs of steps against fresh platforms until enough requests were answered, or a promise broke. */
import fc from 'fast-check';
import { Model } from './model.ts';
import { expectTables } from './ops-steps.ts';
import { Broken, PlatformUnderFuzz, type Counts, type Sabotage } from './platform-under-fuzz.ts';
import { someSteps } from './steps.ts';

/** Long enough to get far, short enough to shrink. */
const STEPS_AT_MOST = 240;
const SHRINK_FOR_MS = 60_000;

export interface FuzzShare {
  readonly seed: number;
  /** At least. */
  readonly requests: number;
  readonly sabotage?: Sabotage;
  /** How long a failure is made smaller. */
  readonly shrinkForMs?: number;
}

export interface FuzzOutcome {
  readonly requests: number;
  readonly accepted: number;
  readonly refusals: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly runs: number;
  readonly violations: readonly string[];
}

export async function fuzzPlatform({
  seed,
  requests,
  sabotage,
  shrinkForMs = SHRINK_FOR_MS,
}: FuzzShare): Promise<FuzzOutcome> {
  const counts: Counts = { requests: 0, accepted: 0, refusals: 0, answers: new Map() };
  const violations: string[] = [];
  let runs = 0;
  while (counts.requests < requests && violations.length === 0) {
    const run = seed * 100_003 + runs;
    runs += 1;
    const property = fc.asyncProperty(someSteps(STEPS_AT_MOST), async (steps) => {
      const real = await PlatformUnderFuzz.open(counts, sabotage);
      const model = new Model();
      try {
        await fc.asyncModelRun(() => ({ model, real }), steps);
        await expectTables(model, real);
      } finally {
        await real.close();
      }
    });
    const first = await fc.check(property, { numRuns: 1, seed: run, endOnFailure: true });
    if (!first.failed) continue;
    // The same once more, made smaller for as long as that may take.
    const limits = { numRuns: 1, seed: run, interruptAfterTimeLimit: shrinkForMs };
    const smaller = shrinkForMs > 0 ? await fc.check(property, limits) : first;
    violations.push(describe(run, smaller.failed && smaller.counterexample !== null ? smaller : first));
  }
  const { answers, ...sums } = counts;
  return {
    ...sums,
    answers: Object.fromEntries([...answers].toSorted(([one], [other]) => (one < other ? -1 : 1))),
    runs,
    violations,
  };
}

interface Failed {
  readonly errorInstance?: unknown;
  readonly counterexample: unknown;
  readonly counterexamplePath: string | null;
}

function describe(run: number, { errorInstance, counterexample, counterexamplePath }: Failed): string {
  const isPromise = errorInstance instanceof Broken;
  const why = errorInstance instanceof Error ? (isPromise ? errorInstance.message : errorInstance.stack) : '';
  const steps = Array.isArray(counterexample) ? String(counterexample[0]) : 'no steps';
  return `run ${run} path ${counterexamplePath ?? ''}: ${why ?? ''}\n  after ${steps}`;
}

/** A gate: one thing that must hold before a change may go in. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { runTool, type ToolCall } from './run-tool.ts';
import { ONE_FAILED, ONE_PASSED, type Tally } from './tally.ts';

export interface GateResult {
  readonly tally: Tally;
  /** Shown only when something failed. */
  readonly output: string;
  /** A line for each red test, where the gate knows them. */
  readonly failures?: readonly string[];
}

export interface Gate {
  readonly name: string;
  run(): Promise<GateResult>;
}

/** A tool that speaks with its exit code: one check. */
export function toolGate(name: string, call: ToolCall): Gate {
  return {
    name,
    async run() {
      const { code, output } = await runTool(call);
      return { tally: code === 0 ? ONE_PASSED : ONE_FAILED, output };
    },
  };
}

export interface TestGateOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly failuresOf?: (report: unknown) => readonly string[];
}

/** A test runner: as many checks as its report counts; no report, or a red run that counts no failure, is a failure. */
export function testGate(
  name: string,
  call: ToolCall,
  reportFile: string,
  count: (report: unknown) => Tally,
  { env = {}, failuresOf = () => [] }: TestGateOptions = {},
): Gate {
  return {
    name,
    async run() {
      rmSync(reportFile, { force: true });
      const { code, output } = await runTool({ ...call, env });
      const report = existsSync(reportFile) ? readReport(reportFile) : undefined;
      const tally = report === undefined ? ONE_FAILED : count(report);
      const agrees = code === 0 || tally.failed > 0;
      return {
        tally: agrees ? tally : { ...tally, failed: 1 },
        output: agrees ? output : `${output}\n${call.command} ended with code ${code}`,
        failures: failuresOf(report),
      };
    },
  };
}

/** Runs the gates one after the other (two cores are not worth a race); a gate that throws is a failed gate. */
export async function runGates(gates: readonly Gate[], say: (line: string) => void): Promise<readonly GateResult[]> {
  const results: GateResult[] = [];
  for (const gate of gates) {
    const started = performance.now();
    const result = await gate.run().catch((error: unknown) => ({ tally: ONE_FAILED, output: String(error) }));
    results.push(result);
    const { tally, output } = result;
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
    const count = tally.passed + tally.failed + tally.skipped > 1 ? `  ${describe(tally)}` : '';
    say(`${tally.failed === 0 ? 'ok  ' : 'FAIL'} ${gate.name.padEnd(12)}${seconds} s${count}`);
    if (tally.failed > 0) say(indent(output));
  }
  return results;
}

function describe(tally: Tally): string {
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
  return `${tally.passed} of ${tally.passed + tally.failed} passed${skipped}`;
}

/** What a reader looks for first, once more and in one place, after the long outputs. */
export function sayFailures(results: readonly GateResult[], say: (line: string) => void): void {
  for (const failure of results.flatMap(({ failures = [] }) => failures)) say(`red: ${failure}`);
}

/** Rows of a dot reporter: as long as the suite, and they say nothing. */
const DOTS = /^[·x*-]{2,}$/;

/** The end of what a tool said is where it says what went wrong. */
function indent(output: string): string {
  const lines = output
    .trimEnd()
    .split('\n')
    .filter((line) => !DOTS.test(line));
  const shown = lines.length > 120 ? [`(... ${lines.length - 120} lines before)`, ...lines.slice(-120)] : lines;
  return shown.map((line) => `     ${line}`).join('\n');
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // cut off while it was written: counts as a failure
  }
}

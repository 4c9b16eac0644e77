/** The gates of this project, in the order in which they fail fastest. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { existingBuilds } from '../start/builds.ts';
import { testGate, toolGate, type Gate } from './gate.ts';
import { failuresOfPlaywright, failuresOfVitest, tallyPlaywright, tallyVitest } from './tally.ts';

const MINUTE_MS = 60_000;

export interface Gates {
  /** What is read, not run. */
  readonly reading: readonly Gate[];
  readonly unit: Gate;
  /** Unit, property and integration tests. */
  readonly tests: Gate;
  readonly builds: readonly Gate[];
  /** Absent as long as there is no suite. */
  readonly browser: readonly Gate[];
  readonly seeds: Gate;
}

export function projectGates(root: string): Gates {
  const tool = (name: string, args: readonly string[], minutes: number): Gate =>
    toolGate(name, { command: args[0] ?? '', args: args.slice(1), timeoutMs: minutes * MINUTE_MS, cwd: root });
  const own = (name: string, script: string, minutes = 2): Gate =>
    tool(name, [process.execPath, join('scripts', script)], minutes);
  return {
    reading: [
      tool('format', ['prettier', '--check', '--log-level=warn', '--cache', '.'], 2),
      tool('types', ['tsc', '-p', '.'], 4),
      own('lint', 'check-lint.ts', 3),
      own('rules', 'check-rules.ts'),
      own('layers', 'check-layers.ts'),
    ],
    unit: vitestGate(root, 'unit', 4),
    tests: vitestGate(root, undefined, 40),
    builds: existingBuilds(root).map(({ name, script }) => tool(name, [process.execPath, script], 3)),
    browser: existsSync(join(root, 'playwright.config.ts')) ? [playwrightGate(root)] : [],
    seeds: own('seeds', 'check-seeds.ts'),
  };
}

function vitestGate(root: string, project: string | undefined, minutes: number): Gate {
  const report = join(root, 'coverage', 'vitest.json');
  const args = ['run', '--reporter=json', '--reporter=dot', `--outputFile.json=${report}`];
  return testGate(
    project ? 'unit tests' : 'tests',
    {
      command: 'vitest',
      args: project ? [...args, '--project', project] : args,
      timeoutMs: minutes * MINUTE_MS,
      cwd: root,
    },
    report,
    tallyVitest,
    { failuresOf: failuresOfVitest },
  );
}

function playwrightGate(root: string): Gate {
  const report = join(root, 'coverage', 'playwright.json');
  return testGate(
    'e2e',
    { command: 'playwright', args: ['test', '--reporter=json,line'], timeoutMs: 20 * MINUTE_MS, cwd: root },
    report,
    tallyPlaywright,
    { failuresOf: failuresOfPlaywright, env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, CI: '1' } },
  );
}

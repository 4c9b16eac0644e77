/**
 * The layer gate: dependency-cruiser with the matrix of `.dependency-cruiser.mjs`, and two guards for that guard. It has
 * passed before because it silently parsed nothing; so every source file must be in its report with its imports, and
 * every rule must catch the violation planted for it in `tests/fixtures/layer-canary/`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { runTool } from './run-tool.ts';
import { presentRooms, sourceFiles } from './source-files.ts';

const CANARY = 'tests/fixtures/layer-canary';
const CONFIG = '.dependency-cruiser.mjs';
const TIMEOUT_MS = 120_000;

const CruiseReport = Type.Object({
  modules: Type.Array(Type.Object({ source: Type.String(), dependencies: Type.Array(Type.Unknown()) })),
  summary: Type.Object({
    violations: Type.Array(
      Type.Object({ from: Type.String(), to: Type.String(), rule: Type.Object({ name: Type.String() }) }),
    ),
    ruleSetUsed: Type.Object({ forbidden: Type.Array(Type.Object({ name: Type.String() })) }),
  }),
});
export type CruiseReport = Static<typeof CruiseReport>;

/** Lines to show; none when all is well. */
export async function checkLayers(root: string): Promise<readonly string[]> {
  const files = sourceFiles(root);
  const report = await cruise(root, root, presentRooms(root));
  const canaryRoot = join(root, CANARY);
  const canary = await cruise(root, canaryRoot, presentRooms(canaryRoot));
  return [
    ...violations(report),
    ...blindSpots(report, files, (file) => readFileSync(join(root, file), 'utf8')),
    ...sleepingRules(canary),
  ];
}

function violations(report: CruiseReport): readonly string[] {
  return report.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}

/** Source files the tool did not see, or saw without the imports that stand in them. */
export function blindSpots(
  report: CruiseReport,
  files: readonly string[],
  read: (file: string) => string,
): readonly string[] {
  const seen = new Map(report.modules.map((module) => [module.source, module.dependencies.length]));
  return files.flatMap((file) => {
    const dependencies = seen.get(file);
    if (dependencies === undefined) return [`not cruised: ${file}`];
    const imports = /^(import|export) .*from '|^} from '/m.test(read(file));
    return imports && dependencies === 0 ? [`cruised without its imports: ${file}`] : [];
  });
}

/** Rules that did not catch the violation planted for them. */
export function sleepingRules(canary: CruiseReport): readonly string[] {
  const caught = new Set(canary.summary.violations.map((violation) => violation.rule.name));
  return canary.summary.ruleSetUsed.forbidden
    .filter((rule) => !caught.has(rule.name))
    .map((rule) => `the rule ${rule.name} did not catch the violation planted in ${CANARY}`);
}

export async function cruise(root: string, cwd: string, folders: readonly string[]): Promise<CruiseReport> {
  const run = await runTool({
    command: join(root, 'node_modules', '.bin', 'depcruise'),
    args: ['--config', join(root, CONFIG), '--output-type', 'json', ...folders],
    timeoutMs: TIMEOUT_MS,
    cwd,
  });
  // the exit code is the number of violations; only a report that cannot be read is a crash
  const report: unknown = run.output.startsWith('{') ? JSON.parse(run.output) : undefined;
  if (!Value.Check(CruiseReport, report)) throw new Error(`dependency-cruiser gave no report:\n${run.output}`);
  return report;
}

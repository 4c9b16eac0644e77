/** What is built into `dist/`, from what, by which script. A build is due when any of its sources is newer. */
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../gates/run-tool.ts';

export interface Build {
  readonly name: string;
  /** Run with Node; a build whose script is not there does not exist. */
  readonly script: string;
  readonly output: string;
  readonly sources: readonly string[];
  /** Of no use where Electron's binary is not there. */
  readonly forElectron?: true;
}

const BUILD_TIMEOUT_MS = 3 * 60_000;

const BUILDS: readonly Build[] = [
  {
    name: 'screens',
    script: 'scripts/build-renderer.ts',
    output: 'dist/renderer/index.html',
    sources: ['renderer/**/*', 'contract/**/*', 'package-lock.json'],
  },
  {
    name: 'page guard',
    script: 'scripts/build-page-guard.ts',
    output: 'dist/browser-host/page-guard.js',
    sources: ['browser-host/*.entry.ts', 'shell/**/*', 'scripts/build-page-guard.ts'],
  },
  {
    name: 'electron host',
    script: 'scripts/build-electron.ts',
    output: 'dist/electron/main.mjs',
    forElectron: true,
    sources: [
      'electron/**/*',
      'engine/**/*',
      'drivers/**/*',
      'kiosk-config/**/*',
      'shell/**/*',
      'contract/**/*',
      'package-lock.json',
    ],
  },
];

export function existingBuilds(root: string): readonly Build[] {
  return BUILDS.filter((build) => existsSync(join(root, build.script)));
}

export function isStale(root: string, build: Build): boolean {
  const built = join(root, build.output);
  if (!existsSync(built)) return true;
  const builtAt = statSync(built).mtimeMs;
  return build.sources
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .some((file) => {
      const entry = statSync(join(root, file), { throwIfNoEntry: false });
      return entry !== undefined && entry.isFile() && entry.mtimeMs > builtAt;
    });
}

/** The tool's own words when it fails. */
export async function build(root: string, { script, output }: Build): Promise<string | undefined> {
  const run = await runTool({ command: process.execPath, args: [script], timeoutMs: BUILD_TIMEOUT_MS, cwd: root });
  if (run.code !== 0) return run.output;
  return existsSync(join(root, output)) ? undefined : `${run.output}\n${script} left no ${output}`;
}

/** The screens are built by vite into `dist/renderer`; building is due when any source is newer. */
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../gates/run-tool.ts';

const BUILT = join('dist', 'renderer', 'index.html');
const BUILD_TIMEOUT_MS = 3 * 60_000;
/** The renderer reads contract/ and nothing else of ours. */
const SOURCES = ['renderer/**/*', 'contract/**/*', 'package-lock.json'];

export function isRendererStale(root: string): boolean {
  const built = join(root, BUILT);
  if (!existsSync(built)) return true;
  const builtAt = statSync(built).mtimeMs;
  return SOURCES.flatMap((pattern) => globSync(pattern, { cwd: root })).some((file) => {
    const entry = statSync(join(root, file));
    return entry.isFile() && entry.mtimeMs > builtAt;
  });
}

/** The tool's own words when it fails. */
export async function buildRenderer(root: string): Promise<string | undefined> {
  const run = await runTool({
    command: join(root, 'node_modules', '.bin', 'vite'),
    args: ['build', '--config', join('renderer', 'vite.config.ts'), '--logLevel', 'warn'],
    timeoutMs: BUILD_TIMEOUT_MS,
    cwd: root,
  });
  if (run.code !== 0) return run.output;
  return existsSync(join(root, BUILT)) ? undefined : `${run.output}\nvite left no ${BUILT}`;
}

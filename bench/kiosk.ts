/** The whole kiosk without a window: platform and station up, the browser host started as often as a bench wants. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startRehearsal } from '../scripts/journey/rehearsal.ts';
import { build, existingBuilds, isStale } from '../scripts/start/builds.ts';
import { startChild, type Child } from '../scripts/start/child.ts';

const ROOT = resolve(import.meta.dirname, '..');
const PATIENCE = { readyMs: 60_000, endMs: 5_000 };
export const RENDERER_DIR = join(ROOT, 'dist', 'renderer');

export interface Host {
  /** Wall time (ms) at which its process was started. */
  readonly startedAtMs: number;
  readonly readyAtMs: number;
  /** Lets one browser in, once. */
  readonly url: string;
  end(): Promise<void>;
}

export interface Kiosk {
  startHost(): Promise<Host>;
  /** The same host and protection around other pages and an engine that does nothing. */
  startHostAround(rendererDir: string): Promise<Host>;
  close(): Promise<void>;
}

export async function startKiosk(directory: string): Promise<Kiosk> {
  await buildWhatIsDue();
  const rehearsal = await startRehearsal({ dataDir: directory });
  const { identityFile } = rehearsal;
  const hosts = new Set<Child>();
  let count = 0;

  async function start(args: readonly string[]): Promise<Host> {
    const startedAtMs = Date.now();
    const child = startChild(
      {
        ...{ name: 'browser host', command: process.execPath, cwd: ROOT },
        args: ['browser-host/main.ts', '--no-browser', ...args],
        logFile: join(directory, 'log', `host-${(count += 1)}.log`),
      },
      PATIENCE,
    );
    hosts.add(child);
    const { url } = await child.ready;
    if (url === undefined) throw new Error('the browser host named no page');
    return { startedAtMs, readyAtMs: Date.now(), url, end: () => child.end() };
  }

  return {
    startHost: () =>
      start([
        ...['--site', 'demo-village', '--config', join(directory, 'kiosk-config'), '--identity', identityFile],
        ...['--data', join(directory, 'kiosk'), '--platform', rehearsal.platformUrl],
      ]),
    startHostAround: (rendererDir) =>
      start([
        ...['--renderer', rendererDir, '--engine', join(ROOT, 'tests', 'support', 'stub-engine.ts')],
        ...['--data', join(directory, 'vanilla-host')],
      ]),
    async close() {
      await Promise.all([...hosts].map((host) => host.end()));
      await rehearsal.close();
    },
  };
}

async function buildWhatIsDue(): Promise<void> {
  for (const due of existingBuilds(ROOT)) {
    if (due.forElectron || !isStale(ROOT, due)) continue;
    const problem = await build(ROOT, due);
    if (problem !== undefined) throw new Error(`${due.name}: ${problem}`);
  }
  if (!existsSync(join(RENDERER_DIR, 'index.html'))) throw new Error('the screens are not built');
}

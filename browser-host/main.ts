/**
 * `node browser-host/main.ts`: the whole kiosk without Electron. Says on stdout, one JSON object a line, when it is ready
 * (`{"ready":true,"url":...}`: the URL lets one browser in, once) and what goes wrong (`{"problem":...}`). Ends on SIGTERM,
 * SIGINT, or when the process that started it is gone, and leaves nothing running.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Problem } from '../contract/outcome.schema.ts';
import { systemChance, systemClock } from '../contract/clock.system.ts';
import { engineChild } from './engine-child.ts';
import { findChromium } from './find-chromium.ts';
import { startBrowserHost } from './host.ts';
import { hasDisplay, launchChromium, type ChromiumWindow } from './launch-chromium.ts';
import { readArguments, USAGE, type BrowserHostArguments } from './options.ts';

const GUARD_FILE = resolve(import.meta.dirname, '..', 'dist', 'browser-host', 'page-guard.js');
const PARENT_CHECK_MS = 1_000;
const EXIT = { usage: 64, unavailable: 69 } as const;

function say(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const report = (problem: Problem): void => say({ problem });

async function run(options: BrowserHostArguments): Promise<void> {
  if (!existsSync(GUARD_FILE)) {
    process.stderr.write('dist/browser-host/page-guard.js is not built: node scripts/build-page-guard.ts\n');
    process.exit(EXIT.unavailable);
  }
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const host = await startBrowserHost({
    engine: engineChild(options.engineEntry, options.engineArgs),
    rendererDir: options.rendererDir,
    guardFile: GUARD_FILE,
    port: options.port,
    telephone: options.telephone,
    clock: systemClock,
    chance: systemChance,
    report,
  });
  const window = options.withBrowser ? openWindow(options.dataDir, host.newLaunchUrl) : undefined;
  endWithParent(async () => {
    await Promise.all([window?.close(), host.close()]);
    process.exit(0);
  });
  say({ ready: true, url: host.newLaunchUrl(), browser: window?.pid() ?? null, engine: host.keeper.pid ?? null });
}

/** No browser or no display is no fault: the URL can be opened by hand. */
function openWindow(dataDir: string, newLaunchUrl: () => string): ChromiumWindow | undefined {
  const executable = findChromium(process.env);
  if (executable === undefined || !hasDisplay(process.env)) {
    say({ note: executable === undefined ? 'no chromium on PATH' : 'no display' });
    return undefined;
  }
  const withoutSandbox = process.getuid?.() === 0;
  if (withoutSandbox)
    say({ note: 'running as root: the browser runs without its sandbox; never do this on a terminal' });
  return launchChromium({
    executable,
    profileDir: join(dataDir, 'browser-profile'),
    newLaunchUrl,
    clock: systemClock,
    report,
    withoutSandbox,
  });
}

function endWithParent(end: () => Promise<void>): void {
  let isEnding = false;
  const endOnce = (): void => {
    if (isEnding) return;
    isEnding = true;
    void end();
  };
  process.once('SIGTERM', endOnce);
  process.once('SIGINT', endOnce);
  process.once('SIGHUP', endOnce);
  process.once('disconnect', endOnce);
  // a parent that was killed tells nobody, and its stdout pipe may be gone with it
  process.stdout.on('error', endOnce);
  const parent = process.ppid;
  function look(): void {
    if (process.ppid !== parent) endOnce();
    else systemClock.after(PARENT_CHECK_MS, look);
  }
  look();
}

const options = readArguments(process.argv.slice(2));
if (options.ok) await run(options.value);
else {
  process.stderr.write(`${options.problem.detail ?? ''}\n${USAGE}`);
  process.exit(EXIT.usage);
}

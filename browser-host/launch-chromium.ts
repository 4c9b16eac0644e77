/**
 * The kiosk's browser window: chromium in its own profile, led in by a file only we can read (a ticket in argv could be
 * read by every user of the machine), started again when it dies, gone when the host goes.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock, TimerHandle } from '../contract/clock.ts';
import { problem, type Problem } from '../contract/outcome.schema.ts';
import { BROWSER_LIMIT, RestartBudget } from '../shell/supervisor.ts';

export interface ChromiumOptions {
  readonly executable: string;
  /** The browser's own profile; made with mode 0700. Nothing in it outlives the browser: it runs incognito. */
  readonly profileDir: string;
  /** A fresh one for every start: the session cookie dies with the browser. */
  readonly newLaunchUrl: () => string;
  readonly clock: Clock;
  readonly report: (problem: Problem) => void;
  /** Chromium refuses its sandbox to root; only a development container runs it so. */
  readonly withoutSandbox: boolean;
  /** More flags, for tests (`--headless=new`). */
  readonly extraFlags?: readonly string[];
}

export interface ChromiumWindow {
  readonly pid: () => number | undefined;
  /** Ends the browser and its children; resolves when it has gone. Idempotent, never rejects. */
  close(): Promise<void>;
}

const FLAGS = [
  '--kiosk',
  '--incognito',
  '--no-first-run',
  '--no-default-browser-check',
  '--noerrdialogs',
  '--disable-session-crashed-bubble',
  '--disable-pinch',
  '--overscroll-history-navigation=0',
  '--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication,GlobalMediaControls',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-breakpad',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-sync',
  '--disable-print-preview',
  '--password-store=basic',
  '--deny-permission-prompts',
];

const RESTART_DELAY_MS = 500;
const END_DEADLINE_MS = 3_000;

/** Whether there is a display to open a window on. */
export function hasDisplay(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY']);
}

export function launchChromium(options: ChromiumOptions): ChromiumWindow {
  const budget = new RestartBudget(options.clock, BROWSER_LIMIT);
  let browser: ChildProcess | undefined;
  let restart: TimerHandle | undefined;
  let isClosing = false;

  function start(): void {
    const child = spawn(options.executable, argumentsFor(options), { stdio: 'ignore', detached: true });
    browser = child;
    child.once('error', (error) => recover(child, error.message));
    child.once('exit', (code, signal) => recover(child, signal ?? `exit code ${code}`));
  }

  function recover(child: ChildProcess, why: string): void {
    if (browser !== child) return;
    browser = undefined;
    if (isClosing) return;
    options.report(problem('kiosk.peerGone', `browser window: ${why}`));
    const verdict = budget.spend();
    const waitMs = verdict.kind === 'restart' ? RESTART_DELAY_MS : verdict.retryAfterMs;
    restart = options.clock.after(waitMs, start);
  }

  start();
  return {
    pid: () => browser?.pid,
    close() {
      isClosing = true;
      if (restart) options.clock.cancel(restart);
      return end(browser, options.clock);
    },
  };
}

function argumentsFor(options: ChromiumOptions): string[] {
  const { profileDir, withoutSandbox, extraFlags = [] } = options;
  const launchFile = writeLaunchFile(profileDir, options.newLaunchUrl());
  return [
    ...FLAGS,
    `--user-data-dir=${profileDir}`,
    ...(withoutSandbox ? ['--no-sandbox'] : []),
    ...extraFlags,
    pathToFileURL(launchFile).href,
  ];
}

/** Never in place: a file that was already there may have another mode, or another reader. */
function writeLaunchFile(profileDir: string, launchUrl: string): string {
  mkdirSync(profileDir, { recursive: true, mode: 0o700 });
  const file = join(profileDir, 'launch.html');
  rmSync(file, { force: true });
  const html = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${launchUrl}">\n`;
  writeFileSync(file, html, { mode: 0o600, flag: 'wx' });
  return file;
}

/** Signals the whole process group: zygotes, GPU and renderer processes do not always follow their parent. */
function end(child: ChildProcess | undefined, clock: Clock): Promise<void> {
  const pid = child?.pid;
  if (!child || pid === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const hardEnd = clock.after(END_DEADLINE_MS, () => signalGroup(pid, 'SIGKILL'));
    child.once('exit', () => {
      clock.cancel(hardEnd);
      signalGroup(pid, 'SIGKILL');
      resolve();
    });
    signalGroup(pid, 'SIGTERM');
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: the group has gone already, which is what was wanted
  }
}

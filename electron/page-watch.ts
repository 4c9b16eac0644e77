/**
 * What happens when the page falls over or hangs (reload; more than three times a minute: end, and let the system's
 * watchdog start afresh), when the engine goes (the page is told), comes back (reload), or is given up (the page with the
 * telephone number).
 */
import type { WebContents } from 'electron';
import type { Clock } from '../contract/clock.ts';
import { problem, type Problem } from '../contract/outcome.schema.ts';
import type { EngineKeeper } from '../shell/engine-keeper.ts';
import { OUT_OF_SERVICE_PATH } from '../shell/out-of-service.ts';
import { PAGE_LIMIT, RestartBudget } from '../shell/supervisor.ts';
import { APP_ORIGIN, INDEX_URL } from './app-url.ts';
import { ENGINE_GONE } from './channels.ts';

/** `EX_SOFTWARE` of sysexits.h. */
const EXIT_PAGE_UNUSABLE = 70;
/** Net error of a load that another load replaced; no failure. */
const ERR_ABORTED = -3;

export interface PageWatchOptions {
  readonly contents: WebContents;
  readonly keeper: EngineKeeper;
  readonly clock: Clock;
  readonly report: (problem: Problem) => void;
  readonly exit: (code: number) => void;
}

export interface PageWatch {
  /** Loads the page that fits the state of the engine, and counts it as a restart. */
  recover(why: string): void;
}

/** Nothing is loaded before the engine is up for the first time: a page without an engine has nothing to show. */
export function watchPage(options: PageWatchOptions): PageWatch {
  const { contents, keeper, clock, report, exit } = options;
  const budget = new RestartBudget(clock, PAGE_LIMIT);

  function load(): void {
    const url = keeper.state === 'outOfService' ? `${APP_ORIGIN}${OUT_OF_SERVICE_PATH}` : INDEX_URL;
    // a failed load is told by did-fail-load
    contents.loadURL(url).catch(() => undefined);
  }

  function recover(why: string): void {
    report(problem('kiosk.peerGone', `page: ${why}`));
    if (budget.spend().kind === 'giveUp') exit(EXIT_PAGE_UNUSABLE);
    else load();
  }

  contents.on('render-process-gone', (_event, details) => recover(details.reason));
  contents.on('unresponsive', () => {
    // a hanging process does not carry out a reload
    contents.forcefullyCrashRenderer();
  });
  contents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
    if (isMainFrame && code !== ERR_ABORTED) recover(description);
  });
  keeper.onState((state) => {
    if (state === 'down') contents.send(ENGINE_GONE);
    if (state === 'up' || state === 'outOfService') load();
  });
  return { recover };
}

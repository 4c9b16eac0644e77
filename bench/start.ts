/** From the start of the browser host's process to the painted attract screen; and what of it is the page's own. */
import { join } from 'node:path';
import type { Browser, BrowserContext } from '@playwright/test';
import { RENDERER_DIR } from './kiosk.ts';
import { compared, type Figure } from './report.ts';
import { freshPage, type Stage } from './stage.ts';
import { median, rounded, shuffled } from './stats.ts';
import { writeVanilla, type Capture } from './vanilla-site.ts';

const STARTS = 5;
const LOADS = 9;

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

interface Load {
  readonly firstPaintMs: number;
  /** Since the navigation began. */
  readonly screenMs: number;
  /** Wall time. */
  readonly screenAtMs: number;
  readonly capture: Capture;
  readonly cookies: Cookies;
}

export async function measureStart(stage: Stage): Promise<readonly Figure[]> {
  const { kiosk, browser, directory } = stage;
  const hostMs: number[] = [];
  const attractMs: number[] = [];
  let attract: Capture | undefined;
  for (let n = 0; n < STARTS; n++) {
    const host = await kiosk.startHost();
    const { screenAtMs, capture } = await load(browser, host.url);
    hostMs.push(host.readyAtMs - host.startedAtMs);
    attractMs.push(screenAtMs - host.startedAtMs);
    attract = capture;
    await host.end();
  }
  if (!attract) throw new Error('nothing was started');
  const vanillaDir = join(directory, 'vanilla-attract');
  writeVanilla(vanillaDir, RENDERER_DIR, attract);
  return figures(hostMs, attractMs, await compareLoads(stage, vanillaDir));
}

interface Loads {
  readonly ours: readonly Load[];
  readonly floor: readonly Load[];
}

/** Fresh browser contexts in turn, on the kiosk's page and on the same attract screen by hand-written JavaScript. */
async function compareLoads({ kiosk, browser }: Stage, vanillaDir: string): Promise<Loads> {
  const hosts = { ours: await kiosk.startHost(), floor: await kiosk.startHostAround(vanillaDir) };
  // the launch address works once: the first load of each redeems it, the others bring its cookie
  const first = { ours: await load(browser, hosts.ours.url), floor: await load(browser, hosts.floor.url) };
  const loads = { ours: [] as Load[], floor: [] as Load[] };
  for (let n = 0; n < LOADS; n++) {
    for (const name of shuffled(['ours', 'floor'] as const)) {
      loads[name].push(await load(browser, `${new URL(hosts[name].url).origin}/`, first[name].cookies));
    }
  }
  await Promise.all([hosts.ours.end(), hosts.floor.end()]);
  return loads;
}

async function load(browser: Browser, url: string, cookies: Cookies = []): Promise<Load> {
  const { context, page } = await freshPage(browser);
  await context.addCookies(cookies);
  await page.goto(url);
  await page.waitForURL(`${new URL(url).origin}/`);
  await page.waitForFunction(
    () =>
      window.bench.firstScreenAtMs !== undefined && performance.getEntriesByName('first-contentful-paint').length > 0,
  );
  const seen = await page.evaluate(() => ({
    firstPaintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    screenAtMs: window.bench.firstScreenAtMs ?? Number.NaN,
    originMs: performance.timeOrigin,
    attributes: Object.fromEntries([...document.documentElement.attributes].map(({ name, value }) => [name, value])),
    screen: window.bench.capture(),
  }));
  const { style: _style, ...attributes } = seen.attributes;
  const loaded = {
    firstPaintMs: seen.firstPaintMs,
    screenAtMs: seen.screenAtMs,
    screenMs: seen.screenAtMs - seen.originMs,
    capture: { attributes, screens: [seen.screen] },
    cookies: await context.cookies(),
  };
  await context.close();
  return loaded;
}

function figures(hostMs: readonly number[], attractMs: readonly number[], { ours, floor }: Loads): readonly Figure[] {
  const middle = (loads: readonly Load[], name: 'firstPaintMs' | 'screenMs') => median(loads.map((load) => load[name]));
  const whole = (valueMs: number) => `${rounded(valueMs, 0)} ms`;
  const against = (name: 'firstPaintMs' | 'screenMs') => ({
    ours: whole(middle(ours, name)),
    floor: whole(middle(floor, name)),
    ratio: rounded(middle(ours, name) / middle(floor, name)),
  });
  return [
    { name: 'start: host process to engine up', ours: whole(median(hostMs)) },
    { name: 'start: host process to attract screen painted', ours: whole(median(attractMs)) },
    compared({ name: 'first contentful paint', ...against('firstPaintMs'), aim: '<= 2' }),
    { name: 'navigation to attract screen painted', ...against('screenMs') },
  ];
}

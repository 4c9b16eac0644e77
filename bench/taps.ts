/**
 * Tap to next painted screen through the whole loop (page, host, engine, View, page), against the same elements shown by
 * hand-written JavaScript over a WebSocket of its own, in the same browser, lap by lap in shuffled order.
 */
import { join } from 'node:path';
import { RENDERER_DIR } from './kiosk.ts';
import type { CapturedScreen } from './page-probe.ts';
import { createPlayer, REST_MS, type Player, type Tap } from './player.ts';
import { compared, type Figure } from './report.ts';
import { freshPage, type Stage } from './stage.ts';
import { median, quantile, rounded, shuffled } from './stats.ts';
import { serveVanilla, writeVanilla, type Capture } from './vanilla-site.ts';

const BACK = '[data-zone="actions"] button:not([data-primary])';
const HELP_BAR = '[data-zone="help-bar"] button';

/** Through the pages that need no device, to the end of a session: what is tapped, and the screen that it opens. */
const LAP = [
  { opens: 'language', tap: '[data-primary]' },
  { opens: 'identify', tap: '[data-badge="1"]' },
  { opens: 'home', tap: '[data-badge="4"]' },
  { opens: 'help', tap: `${HELP_BAR}:nth-child(5)` },
  { opens: 'home again', tap: BACK },
  { opens: 'parking', tap: '[data-badge="2"]' },
  { opens: 'plate', tap: '[data-primary]' },
  { opens: 'parking again', tap: BACK },
  { opens: 'home, third time', tap: BACK },
  { opens: 'goodbye', tap: `${HELP_BAR}:nth-child(6)` },
] as const;
const LAPS = 11;

interface Lap {
  readonly taps: readonly Tap[];
  /** Event Timing's durations, ms. */
  readonly events: readonly number[];
}

export async function measureTaps({ kiosk, browser, directory }: Stage): Promise<readonly Figure[]> {
  const host = await kiosk.startHost();
  const ours = await freshPage(browser);
  await ours.page.goto(host.url);
  await ours.page.waitForURL(`${new URL(host.url).origin}/`);
  await ours.page.waitForSelector('[data-primary]');
  const player = await createPlayer(ours.page);
  // the warm-up lap of ours is where the vanilla page gets its screens from
  const capture = await captureLap(player);
  const folder = join(directory, 'vanilla-walk');
  writeVanilla(folder, RENDERER_DIR, capture);
  const server = await serveVanilla(folder, capture.screens.length);
  const floor = await freshPage(browser);
  await floor.page.goto(`${server.url}#walk`);
  await floor.page.waitForSelector('[data-primary]');
  const players = { ours: player, floor: await createPlayer(floor.page) };
  const endings = { ours: endSession, floor: reload };
  const laps = { ours: [] as Lap[], floor: [] as Lap[] };
  await walk(players.floor, reload);
  for (let n = 0; n < LAPS; n++) {
    for (const name of shuffled(['ours', 'floor'] as const)) laps[name].push(await walk(players[name], endings[name]));
  }
  await Promise.all([ours.context.close(), floor.context.close()]);
  await Promise.all([server.close(), host.end()]);
  return [...figures(laps), ...perScreen(laps)];
}

async function walk(player: Player, end: (player: Player) => Promise<void>): Promise<Lap> {
  const taps: Tap[] = [];
  for (const { tap } of LAP) taps.push(await player.tap(tap));
  const events = await player.page.evaluate(() => window.bench.interactions());
  await end(player);
  return { taps, events };
}

/** After a session the kiosk's page is loaded anew, so that nothing of it can be left. */
async function endSession({ page }: Player): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.waitForTimeout(REST_MS);
  await page.locator('[data-primary]').tap();
  await loaded;
  await page.waitForSelector('[data-primary]');
}

async function reload({ page }: Player): Promise<void> {
  await page.reload();
  await page.waitForSelector('[data-primary]');
}

async function captureLap(player: Player): Promise<Capture> {
  const screens: CapturedScreen[] = [];
  const keep = async () => void screens.push(await player.page.evaluate(() => window.bench.capture()));
  await keep();
  for (const { tap } of LAP) {
    await player.tap(tap);
    await keep();
  }
  const { style: _style, ...attributes } = await player.page.evaluate(() =>
    Object.fromEntries([...document.documentElement.attributes].map(({ name, value }) => [name, value])),
  );
  await endSession(player);
  return { attributes, screens };
}

interface Pair<Value> {
  readonly ours: readonly Value[];
  readonly floor: readonly Value[];
}

function figures(laps: Pair<Lap>): readonly Figure[] {
  const against = (
    name: string,
    values: Pair<number>,
    of: (values: readonly number[]) => number,
    aim?: string,
  ): Figure => {
    const [ours, floor] = [of(values.ours), of(values.floor)];
    const figure = {
      name,
      ours: `${rounded(ours, 1)} ms`,
      floor: `${rounded(floor, 1)} ms`,
      ratio: rounded(ours / floor),
    };
    return aim === undefined ? figure : compared({ ...figure, aim });
  };
  const each = (of: (tap: Tap) => number): Pair<number> => ({
    ours: laps.ours.flatMap(({ taps }) => taps.map(of)),
    floor: laps.floor.flatMap(({ taps }) => taps.map(of)),
  });
  const paint = each((tap) => tap.paintMs);
  const events = { ours: laps.ours.flatMap((lap) => lap.events), floor: laps.floor.flatMap((lap) => lap.events) };
  return [
    against(`tap to next painted screen, p50 of ${paint.ours.length}`, paint, median),
    against('tap to next painted screen, p99', paint, (values) => quantile(values, 0.99)),
    against('Event Timing, p98', events, (values) => quantile(values, 0.98), '<= 1.25'),
    against(
      'script a screen, median',
      each((tap) => tap.scriptMs),
      median,
      '<= 1.2',
    ),
    against(
      'layout and style a screen, median',
      each((tap) => tap.layoutMs),
      median,
    ),
    against(
      'script, layout and style a screen, median',
      each(({ scriptMs, layoutMs }) => scriptMs + layoutMs),
      median,
      '<= 1.2',
    ),
  ];
}

/** Where it is spent: main-thread work of each screen, medians over the laps. */
function perScreen({ ours, floor }: Pair<Lap>): readonly Figure[] {
  return LAP.map(({ opens }, index) => {
    const work = (laps: readonly Lap[], of: (tap: Tap) => number) =>
      median(laps.flatMap(({ taps }) => taps[index] ?? []).map(of));
    const whole = ({ scriptMs, layoutMs }: Tap) => scriptMs + layoutMs;
    const text = (laps: readonly Lap[]) =>
      `${rounded(
        work(laps, (tap) => tap.scriptMs),
        1,
      )} + ${rounded(
        work(laps, (tap) => tap.layoutMs),
        1,
      )} ms`;
    const ratio = rounded(work(ours, whole) / work(floor, whole));
    return { name: `  ${opens}: script + layout`, ours: text(ours), floor: text(floor), ratio };
  });
}

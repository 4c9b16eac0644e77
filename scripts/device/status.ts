import type { Clock } from '../../contract/clock.ts';
import type { DeviceStatus } from '../../contract/driver.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { writeLink } from './link-text.ts';
import { untilSpoken, type OpenDevice } from './open-devices.ts';
import { sentence, table, typed, type Say } from './output.ts';

/** Well when every device asked is online. */
export async function tellStatus(
  devices: readonly OpenDevice[],
  clock: Clock,
  { waitMs, json, say }: { readonly waitMs: number; readonly json: boolean; readonly say: Say },
): Promise<ExitCode> {
  const found = await Promise.all(
    devices.map(async (one) => ({ ...one, status: await untilSpoken(one.driver, clock, waitMs) })),
  );
  const isWell = found.every(({ status }) => status.device === 'online');
  if (json) {
    const told = found.map(({ config, status }) => {
      const { problem, ...axes } = status;
      const { id, class: deviceClass, model, link } = config;
      const why = problem ? { problem: typed(problem) } : {};
      return { id, class: deviceClass, model, link: writeLink(link), ...axes, ...why };
    });
    say(JSON.stringify({ devices: told }));
  } else {
    const head = ['DEVICE', 'MODEL', 'LINK', 'STATE', 'PAPER', 'MEDIA', 'SIGNALS'];
    const rows = found.map(({ config: { id, model, link }, status }) => [
      id,
      model,
      writeLink(link),
      ...axesOf(status),
    ]);
    for (const line of table([head, ...rows])) say(line);
    for (const { config, status } of found) if (status.problem) say(`${config.id}: ${sentence(status.problem)}`);
  }
  return isWell ? EXIT.well : EXIT.notWell;
}

function axesOf({ device, paper, media, signals = {} }: DeviceStatus): readonly string[] {
  const shown = Object.entries(signals).map(([name, value]) => `${name}=${String(value)}`);
  return [device, unlessUnknown(paper), unlessUnknown(media), shown.join(' ')];
}

function unlessUnknown(word: string): string {
  return word === 'unknown' ? '-' : word;
}

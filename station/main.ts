/**
 * The simulated station as a program: `node station/main.ts --site demo-village` or `--config FILE`. Prints one line of
 * JSON when everything listens, and ends on SIGTERM, SIGINT or when its parent goes, also when that one is killed.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemChance, systemClock } from '../contract/clock.system.ts';
import { fail, type Result } from '../contract/outcome.schema.ts';
import { endWith } from '../contract/program-end.system.ts';
import type { StationConfig } from '../contract/station-config.schema.ts';
import { readStationFile } from './station-file.ts';
import { startStation } from './station.ts';

const SITES = resolve(import.meta.dirname, '../kiosk-config/sites');

function readArguments(): Result<StationConfig> {
  const { values } = parseArgs({ options: { site: { type: 'string' }, config: { type: 'string' } } });
  if (values.config !== undefined) return readStationFile(resolve(values.config));
  const site = values.site ?? 'demo-village';
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(site)) return fail('kiosk.badConfig', 'a site is named in small letters');
  return readStationFile(resolve(SITES, `${site}.yaml`));
}

async function run(): Promise<void> {
  const config = readArguments();
  if (!config.ok) {
    process.stderr.write(`${config.problem.detail ?? config.problem.code}\n`);
    process.exitCode = 2;
    return;
  }
  const station = await startStation({ ...config.value, clock: systemClock, chance: systemChance });
  const addresses = station.devices.map(({ id, address }) => ({ id, address }));
  process.stdout.write(`${JSON.stringify({ ready: true, page: station.page, devices: addresses })}\n`);

  endWith(() => station.close());
}

try {
  await run();
} catch (error) {
  if (!(error instanceof Error && 'syscall' in error)) throw error;
  process.stderr.write(`${error.message}\n`); // a port or a serial device that cannot be had
  process.exitCode = 1;
}

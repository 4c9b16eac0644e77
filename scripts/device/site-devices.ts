/** Which devices are meant: those of a site, by name or by file, or one described on the command line. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CardProfile } from '../../contract/card-profile.schema.ts';
import { parse } from '../../contract/check.ts';
import { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { loadKioskConfig } from '../../kiosk-config/load.ts';
import { readConfigFiles } from '../../kiosk-config/read-files.system.ts';
import { readLink } from './link-text.ts';

export type DeviceChoice =
  | { readonly kind: 'site'; readonly site: string }
  | {
      readonly kind: 'alone';
      readonly deviceClass: string;
      readonly model: string;
      readonly link: string;
      /** JSON. */
      readonly settings: string | undefined;
    };

export interface ChosenDevices {
  /** What a person calls where they stand. */
  readonly place: string;
  readonly devices: readonly DeviceConfig[];
  readonly cardProfiles: readonly CardProfile[];
}

const CONFIG = resolve(import.meta.dirname, '../../kiosk-config');
/** A site given as a file stands in for this one. */
const FILE_SITE = 'site-of-a-file';
const ALONE = 'device-1';

export function chooseDevices(choice: DeviceChoice): Result<ChosenDevices> {
  return choice.kind === 'site' ? devicesOfSite(choice.site) : deviceAlone(choice);
}

function devicesOfSite(site: string): Result<ChosenDevices> {
  const isFile = /[/.]/.test(site);
  const file = resolve(site);
  if (isFile && !existsSync(file)) return fail('kiosk.badConfig', `${site}: there is no such file`);
  const readBeside = readConfigFiles(CONFIG);
  const config = loadKioskConfig(isFile ? FILE_SITE : site, (path) =>
    path === join('sites', `${FILE_SITE}.yaml`) ? readFileSync(file, 'utf8') : readBeside(path),
  );
  if (!config.ok)
    return fail(config.problem.code, (config.problem.detail ?? '').replace(`sites/${FILE_SITE}.yaml`, site));
  const { site: profile, cardProfiles } = config.value;
  return ok({ place: profile.id, devices: profile.devices, cardProfiles });
}

function deviceAlone(choice: Extract<DeviceChoice, { kind: 'alone' }>): Result<ChosenDevices> {
  const link = readLink(choice.link);
  if (!link.ok) return link;
  const settings = readSettings(choice.settings);
  if (!settings.ok) return settings;
  const { deviceClass, model } = choice;
  const config = { id: ALONE, class: deviceClass, model, link: link.value, ...settings.value };
  const checked = parse(DeviceConfig, config, 'kiosk.badConfig');
  if (!checked.ok) return checked;
  const profiles = loadKioskConfig('demo-village', readConfigFiles(CONFIG));
  return ok({
    place: 'command line',
    devices: [checked.value],
    cardProfiles: profiles.ok ? profiles.value.cardProfiles : [],
  });
}

function readSettings(text: string | undefined): Result<{ readonly settings?: unknown }> {
  if (text === undefined) return ok({});
  try {
    return ok({ settings: JSON.parse(text) as unknown });
  } catch {
    return fail('kiosk.badConfig', '--settings takes JSON');
  }
}

/** The one that was named; the only one when none was. */
export function pickDevice({ place, devices }: ChosenDevices, id: string | undefined): Result<DeviceConfig> {
  const [only] = devices;
  const found = id === undefined ? only : devices.find((device) => device.id === id);
  if (found) return ok(found);
  return fail(
    'kiosk.badConfig',
    `${place} has no device ${id ?? ''}; it has ${devices.map((one) => one.id).join(', ')}`,
  );
}

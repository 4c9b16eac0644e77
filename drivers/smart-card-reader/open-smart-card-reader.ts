import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { settingsOf, unknownModel, wrongLink, type AnyDriver, type DriverWiring, type Opener } from '../opener.ts';
import type { CardLink } from './card-link.ts';
import { readerModel } from './reader-models.ts';
import { ReaderSettings } from './reader-settings.schema.ts';
import { createSmartCardReader } from './smart-card-reader.driver.ts';
import { VpcdListener } from './vpcd-listener.link.ts';
import { VpcdCardLink } from './vpcd.link.ts';

export const openSmartCardReader: Opener = (config, wiring) => {
  if (!readerModel(config.model)) return unknownModel(config);
  if (config.link.kind !== 'pcsc' && config.link.kind !== 'vpcd') return wrongLink(config);
  const settings = readerSettings(config);
  if (!settings.ok) return settings;
  const wrapped = config.link.kind === 'vpcd' ? { link: vpcdLink(config, config.link.port, wiring) } : {};
  return ok(createSmartCardReader(config, { ...wiring, ...wrapped, settings: settings.value }) as AnyDriver);
};

/** A PSAM hangs on the same kind of link as the reader. */
function readerSettings(config: DeviceConfig): Result<ReaderSettings> {
  const settings = settingsOf(config, ReaderSettings);
  if (!settings.ok || !settings.value.psam) return settings;
  const wanted = config.link.kind === 'pcsc' ? 'reader' : 'port';
  return wanted in settings.value.psam
    ? settings
    : fail('kiosk.badConfig', `${config.id} settings: psam.${wanted} on a ${config.link.kind} link`);
}

function vpcdLink(config: DeviceConfig, port: number, { clock, wrapLink }: DriverWiring): CardLink {
  const wire = new VpcdListener(port, clock);
  return new VpcdCardLink(wrapLink ? wrapLink(wire, config) : wire, clock);
}

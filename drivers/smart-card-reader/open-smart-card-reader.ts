import { ok } from '../../contract/outcome.schema.ts';
import { wrongLink, type AnyDriver, type Opener } from '../opener.ts';
import { createSmartCardReader } from './smart-card-reader.driver.ts';

export const openSmartCardReader: Opener = (config, wiring) => {
  const fits = config.link.kind === 'pcsc' || config.link.kind === 'vpcd';
  return fits ? ok(createSmartCardReader(config, wiring) as AnyDriver) : wrongLink(config);
};

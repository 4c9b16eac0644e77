import { fail, ok } from '../../contract/outcome.schema.ts';
import { settingsOf, unknownModel, wrongLink, type AnyDriver, type Opener } from '../opener.ts';
import { DocumentPrinterDriver } from './document-printer.driver.ts';
import { httpTransport } from './http-transport.ts';
import { documentPrinterModel } from './printer-models.ts';
import { DocumentPrinterSettings } from './printer-settings.schema.ts';

export const openDocumentPrinter: Opener = (config, wiring) => {
  const model = documentPrinterModel(config.model);
  if (!model) return unknownModel(config);
  if (config.link.kind !== 'ipp') return wrongLink(config);
  const settings = settingsOf(config, DocumentPrinterSettings);
  if (!settings.ok) return settings;
  const { uri } = config.link;
  if (!URL.canParse(uri)) return fail('kiosk.badConfig', `${config.id}: ${uri} is no address`);
  const transport = httpTransport(uri);
  const { clock } = wiring;
  const { id } = config;
  return ok(new DocumentPrinterDriver({ id, model, settings: settings.value, uri, transport, clock }) as AnyDriver);
};

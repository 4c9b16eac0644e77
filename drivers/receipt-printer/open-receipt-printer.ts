import { ok } from '../../contract/outcome.schema.ts';
import { byteLink, unknownModel, wrongLink, type AnyDriver, type Opener } from '../opener.ts';
import { printerModel } from './printer-models.ts';
import { ReceiptPrinterDriver } from './receipt-printer.driver.ts';

export const openReceiptPrinter: Opener = (config, wiring) => {
  const model = printerModel(config.model);
  if (!model) return unknownModel(config);
  const link = byteLink(config, wiring);
  if (!link) return wrongLink(config);
  return ok(new ReceiptPrinterDriver({ id: config.id, model, link, clock: wiring.clock }) as AnyDriver);
};

import { ok } from '../../contract/outcome.schema.ts';
import { byteLink, unknownModel, wrongLink, type AnyDriver, type Opener } from '../opener.ts';
import { PaymentTerminalDriver } from './payment-terminal.driver.ts';
import { terminalModel } from './terminal-models.ts';

export const openPaymentTerminal: Opener = (config, wiring) => {
  const model = terminalModel(config.model);
  if (!model) return unknownModel(config);
  const link = byteLink(config, wiring);
  if (!link) return wrongLink(config);
  return ok(new PaymentTerminalDriver({ id: config.id, model, link, clock: wiring.clock }) as AnyDriver);
};

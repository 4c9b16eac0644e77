import { ok } from '../../contract/outcome.schema.ts';
import { byteLink, settingsOf, unknownModel, wrongLink, type AnyDriver, type Opener } from '../opener.ts';
import { MisDllDriver } from './mis-dll.driver.ts';
import { PaymentTerminalSettings } from './payment-terminal-settings.schema.ts';
import { PaymentTerminalDriver } from './payment-terminal.driver.ts';
import { terminalModel } from './terminal-models.ts';

export const openPaymentTerminal: Opener = (config, wiring) => {
  const found = terminalModel(config.model);
  if (!found) return unknownModel(config);
  const settings = settingsOf(config, PaymentTerminalSettings);
  if (!settings.ok) return settings;
  const { outcomeMs } = settings.value;
  const model =
    outcomeMs === undefined ? found : { ...found, outcomeMs: { value: outcomeMs, confidence: 'assumed' } as const };
  const link = byteLink(config, wiring);
  if (!link) return wrongLink(config);
  const { clock } = wiring;
  if (model.name === 'mis-dll') return ok(new MisDllDriver({ id: config.id, model, link, clock }) as AnyDriver);
  return ok(new PaymentTerminalDriver({ id: config.id, model, link, clock }) as AnyDriver);
};

import Type from 'typebox';
import { ok } from '../../contract/outcome.schema.ts';
import { byteLink, settingsOf, unknownModel, wrongLink, type AnyDriver, type Opener } from '../opener.ts';
import { paceOf } from './flow-gate.ts';
import { printerModel } from './printer-models.ts';
import { ReceiptPrinterDriver } from './receipt-printer.driver.ts';

/** What a site may know better than the model's row. */
const Settings = Type.Object(
  {
    /** `gb18030` once a test slip has shown that this printer draws four-byte characters. */
    font: Type.Optional(Type.Enum(['gbk', 'gb18030'])),
    /** Print although status requests stay unanswered; a print without proof is `unknown`, never `done`. */
    printsBlind: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

export const openReceiptPrinter: Opener = (config, wiring) => {
  const model = printerModel(config.model);
  if (!model) return unknownModel(config);
  const settings = settingsOf(config, Settings);
  if (!settings.ok) return settings;
  const link = byteLink(config, wiring);
  if (!link) return wrongLink(config);
  const { font = model.font, printsBlind } = settings.value;
  const pace = config.link.kind === 'serial' ? paceOf(config.link.baudRate) : undefined;
  const options = { id: config.id, model: { ...model, font }, link, clock: wiring.clock, pace, printsBlind };
  return ok(new ReceiptPrinterDriver(options) as AnyDriver);
};

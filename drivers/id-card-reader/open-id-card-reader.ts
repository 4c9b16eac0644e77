import Type from 'typebox';
import { ok } from '../../contract/outcome.schema.ts';
import { byteLink, settingsOf, unknownModel, wrongLink, type AnyDriver, type Opener } from '../opener.ts';
import { idCardModel, type IdCardModel } from './id-card-models.ts';
import { IdCardReaderDriver } from './id-card-reader.driver.ts';

/** What a technician finds out about the reader in front of him; without it the model's own values hold. */
const Settings = Type.Object(
  {
    liftAgain: Type.Optional(Type.Boolean()),
    readPauseMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000 })),
  },
  { additionalProperties: false },
);

export const openIdCardReader: Opener = (config, wiring) => {
  const row = idCardModel(config.model);
  if (!row) return unknownModel(config);
  const settings = settingsOf(config, Settings);
  if (!settings.ok) return settings;
  if (!row.links.includes(config.link.kind)) return wrongLink(config);
  const link = byteLink(config, wiring);
  if (!link) return wrongLink(config);
  const { liftAgain, readPauseMs } = settings.value;
  const model: IdCardModel = {
    ...row,
    ...(liftAgain === undefined ? {} : { liftAgain: { value: liftAgain, confidence: 'site' } }),
    ...(readPauseMs === undefined ? {} : { readPauseMs: { value: readPauseMs, confidence: 'site' } }),
  };
  return ok(new IdCardReaderDriver({ id: config.id, model, link, clock: wiring.clock }) as AnyDriver);
};

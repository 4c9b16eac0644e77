import Type from 'typebox';
import { ok } from '../../contract/outcome.schema.ts';
import { tcpLink } from '../link/tcp.link.ts';
import { settingsOf, unknownModel, wrongLink, type AnyDriver, type Opener } from '../opener.ts';
import { upsModel } from './ups-models.ts';
import { UpsDriver } from './ups.driver.ts';

const NoSettings = Type.Object({}, { additionalProperties: false });

export const openUps: Opener = (config, wiring) => {
  const model = upsModel(config.model);
  if (!model) return unknownModel(config);
  if (config.link.kind !== 'nut') return wrongLink(config);
  const settings = settingsOf(config, NoSettings);
  if (!settings.ok) return settings;
  const { clock, wrapLink } = wiring;
  const { ups } = config.link;
  const tcp = tcpLink(config.link, clock);
  const link = wrapLink ? wrapLink(tcp, config) : tcp;
  return ok(new UpsDriver({ id: config.id, model, ups, link, clock }) as AnyDriver);
};

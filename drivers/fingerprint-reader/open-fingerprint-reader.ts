import Type from 'typebox';
import { ok } from '../../contract/outcome.schema.ts';
import { byteLink, settingsOf, unknownModel, wrongLink, type AnyDriver, type Opener } from '../opener.ts';
import { fingerprintModel } from './fingerprint-models.ts';
import { FingerprintReaderDriver } from './fingerprint-reader.driver.ts';

const Hex8 = Type.String({ pattern: '^[0-9A-Fa-f]{8}$' });

/** What a site may have set in its module: eight digits of hex each. */
export const FingerprintSettings = Type.Object(
  { address: Type.Optional(Hex8), password: Type.Optional(Hex8) },
  { additionalProperties: false },
);

export const openFingerprintReader: Opener = (config, wiring) => {
  const model = fingerprintModel(config.model);
  if (!model) return unknownModel(config);
  const settings = settingsOf(config, FingerprintSettings);
  if (!settings.ok) return settings;
  if (config.link.kind !== 'serial' && config.link.kind !== 'tcp') return wrongLink(config);
  const link = byteLink(config, wiring);
  if (!link) return wrongLink(config);
  const [address, password] = [settings.value.address, settings.value.password].map(hexNumber);
  return ok(
    new FingerprintReaderDriver({ id: config.id, model, link, clock: wiring.clock, address, password }) as AnyDriver,
  );
};

function hexNumber(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

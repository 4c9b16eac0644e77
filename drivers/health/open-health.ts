import Type, { type Static } from 'typebox';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { byteLink, settingsOf, unknownModel, wrongLink, type DriverWiring, type Opener } from '../opener.ts';
import { healthModel, type HealthModel } from './health-models.ts';
import { omronHidLink } from './omron-hid.link.ts';

export const HealthSettingsSchema = Type.Object(
  {
    /** Minutes east of Greenwich of the clock that the devices show; China has one time. */
    utcOffsetMinutes: Type.Optional(Type.Integer({ minimum: -720, maximum: 840 })),
    /** `maibobo` only: at which byte of a result's data the values begin. There is no default: see the README. */
    resultOffset: Type.Optional(Type.Enum([7, 11])),
  },
  { additionalProperties: false },
);
export type HealthSettingsSchema = Static<typeof HealthSettingsSchema>;

const CHINA_MINUTES = 480;

export const openHealth: Opener = (config, wiring) => {
  const model = healthModel(config.model);
  if (!model) return unknownModel(config);
  const settings = settingsOf(config, HealthSettingsSchema);
  if (!settings.ok) return settings;
  const { utcOffsetMinutes = CHINA_MINUTES, resultOffset } = settings.value;
  if (model.needsResultOffset && resultOffset === undefined) {
    const why = 'settings: resultOffset must say where the values stand (7 or 11): the sources disagree';
    return fail('kiosk.badConfig', `${config.id} ${why}`);
  }
  const link = linkOf(config, model, wiring);
  if (!link.ok) return link;
  const isChunked = config.link.kind === 'hid';
  const { clock } = wiring;
  return ok(model.open({ id: config.id, link: link.value, clock, isChunked, utcOffsetMinutes, resultOffset }));
};

function linkOf(config: DeviceConfig, model: HealthModel, wiring: DriverWiring): Result<ByteLink> {
  const { link } = config;
  if (link.kind === 'hid') {
    if (model.name !== 'omron-hid-790it') return wrongLink(config);
    const plug = omronHidLink(link, wiring.clock);
    return ok(wiring.wrapLink ? wiring.wrapLink(plug, config) : plug);
  }
  if (link.kind === 'serial' && model.serial && link.baudRate !== model.serial.baudRate) {
    return fail(
      'kiosk.badConfig',
      `${config.id}: ${model.name} speaks at ${model.serial.baudRate}, not ${link.baudRate}`,
    );
  }
  const wire = byteLink(config, wiring);
  return wire ? ok(wire) : wrongLink(config);
}

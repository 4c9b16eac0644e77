import { fail, ok } from '../../contract/outcome.schema.ts';
import { byteLink, settingsOf, unknownModel, wrongLink, type AnyDriver, type Opener } from '../opener.ts';
import { ioModel } from './io-models.ts';
import { SensorsSettings } from './io-settings.schema.ts';
import { SensorsAndLightsDriver } from './sensors-and-lights.driver.ts';

/** V1.1b3 6.2: so many inputs can be read at once. */
const MAX_SPAN = 2_000;

export const openSensorsAndLights: Opener = (config, wiring) => {
  const model = ioModel(config.model);
  if (!model) return unknownModel(config);
  const settings = settingsOf(config, SensorsSettings);
  if (!settings.ok) return settings;
  const numbers = Object.values(settings.value.inputs ?? {}).map(({ input }) => input);
  if (settings.value.inputs && numbers.length === 0) {
    return fail('kiosk.badConfig', `${config.id} settings: /inputs must name one`);
  }
  if (numbers.length > 0 && Math.max(...numbers) - Math.min(...numbers) >= MAX_SPAN) {
    return fail('kiosk.badConfig', `${config.id} settings: /inputs lie more than ${MAX_SPAN} apart`);
  }
  // A board on TCP has no place on a serial line; RTU frames do travel over TCP, through a serial server.
  if (config.link.kind !== 'tcp' && (config.link.kind !== 'serial' || model.framing === 'tcp'))
    return wrongLink(config);
  const link = byteLink(config, wiring);
  if (!link) return wrongLink(config);
  const { clock } = wiring;
  return ok(new SensorsAndLightsDriver({ id: config.id, model, settings: settings.value, link, clock }) as AnyDriver);
};

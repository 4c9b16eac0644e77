import { fail, ok } from '../../contract/outcome.schema.ts';
import { byteLink, settingsOf, unknownModel, wrongLink, type AnyDriver, type Opener } from '../opener.ts';
import { lockerModel } from './locker-models.ts';
import { doorsOf, LockerSettings } from './locker-settings.schema.ts';
import { LockerDriver } from './locker.driver.ts';

export const openLocker: Opener = (config, wiring) => {
  const model = lockerModel(config.model);
  if (!model) return unknownModel(config);
  const settings = settingsOf(config, LockerSettings);
  if (!settings.ok) return settings;
  const doors = doorsOf(settings.value, model);
  if (!doors.ok) return fail('kiosk.badConfig', `${config.id} ${doors.problem.detail ?? ''}`);
  const link = byteLink(config, wiring);
  if (!link) return wrongLink(config);
  return ok(new LockerDriver({ id: config.id, model, doors: doors.value, link, clock: wiring.clock }) as AnyDriver);
};

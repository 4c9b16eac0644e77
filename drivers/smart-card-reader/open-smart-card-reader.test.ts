import { afterEach, describe, expect, it } from 'vitest';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import type { AnyDriver } from '../opener.ts';
import { openSmartCardReader } from './open-smart-card-reader.ts';
import { shippedProfile } from './testing/card-profiles.ts';

const opened: AnyDriver[] = [];
afterEach(async () => {
  for (const driver of opened.splice(0)) await driver.close();
});

function open(changes: Partial<DeviceConfig>) {
  const config: DeviceConfig = {
    id: 'card',
    class: 'smart-card-reader',
    model: 'virtual',
    link: { kind: 'vpcd', port: 35_998 },
    ...changes,
  };
  const result = openSmartCardReader(config, {
    clock: new SimulatedClock(),
    cardProfiles: [shippedProfile('livelihood-demo')],
  });
  if (result.ok) opened.push(result.value);
  return result;
}

describe('a site’s card reader', () => {
  it('opens with a PSAM on the same kind of link', () => {
    expect(open({ settings: { psam: { port: 35_999, directory: 'DF03', area: '1122334455667788' } } })).toMatchObject({
      ok: true,
    });
  });

  it.each([
    [{ model: 'toaster' }, 'no driver knows the model toaster'],
    [{ link: { kind: 'tcp', host: '127.0.0.1', port: 9100 } }, 'does not hang on tcp'],
    [{ settings: { psam: { reader: 'SAM' } } }, 'psam.port on a vpcd link'],
    [{ link: { kind: 'pcsc' }, settings: { psam: { port: 1 } } }, 'psam.reader on a pcsc link'],
    [{ settings: { psam: { port: 1, directory: 'df1' } } }, 'card settings'],
    [{ settings: { pin: '123456' } }, 'card settings'],
  ] as const)('is refused: %o', (changes, why) => {
    expect(open(changes as Partial<DeviceConfig>)).toMatchObject({
      ok: false,
      problem: { code: 'kiosk.badConfig', detail: expect.stringContaining(why) },
    });
  });
});

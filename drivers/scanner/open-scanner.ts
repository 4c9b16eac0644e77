import Type, { type Static } from 'typebox';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { ok } from '../../contract/outcome.schema.ts';
import { byteLink, settingsOf, unknownModel, wrongLink, type AnyDriver, type Opener } from '../opener.ts';
import type { HidListing } from './keyboard-watch.ts';
import { scannerModel, type ScannerModel } from './scanner-models.ts';
import { ScannerDriver, type ScannerOptions } from './scanner.driver.ts';

const UsbId = Type.Integer({ minimum: 0, maximum: 0xffff });
const closed = { additionalProperties: false } as const;

export const ScannerSettings = Type.Object(
  {
    /** What a serial scanner ends a code with. */
    lineEnd: Type.Optional(Type.Enum(['cr', 'lf', 'crlf'])),
    /** Whether a serial scanner says the AIM identifier before the code. */
    saysAim: Type.Optional(Type.Boolean()),
    /** Keyboards that may be there; with this list every other one is kept out, on any link. */
    allowedKeyboards: Type.Optional(
      Type.Array(Type.Object({ vendorId: UsbId, productId: UsbId }, closed), { maxItems: 16 }),
    ),
  },
  closed,
);
type ScannerSettings = Static<typeof ScannerSettings>;

export const openScanner: Opener = (config, wiring) => {
  const known = scannerModel(config.model);
  if (!known) return unknownModel(config);
  const settings = settingsOf(config, ScannerSettings);
  if (!settings.ok) return settings;
  if (!fits(known, config.link.kind)) return wrongLink(config);
  const link = byteLink(config, wiring);
  if (!link) return wrongLink(config);
  const model = withSettings(known, settings.value);
  const keyboards = keyboardsOf(config, settings.value);
  return ok(new ScannerDriver({ id: config.id, model, link, clock: wiring.clock, keyboards }) as AnyDriver);
};

/** HID-POS over TCP is the simulated station's. */
function fits({ speech }: ScannerModel, link: DeviceConfig['link']['kind']): boolean {
  return link === 'tcp' || (speech === 'hidpos' ? link === 'hid' : link === 'serial');
}

function withSettings(model: ScannerModel, { lineEnd, saysAim }: ScannerSettings): ScannerModel {
  if (model.speech !== 'serial') return model;
  return { ...model, lineEnd: lineEnd ?? model.lineEnd, saysAim: saysAim ?? model.saysAim };
}

/** A scanner on USB may come up as a keyboard any time; on other links a site that lists its keyboards wants them watched. */
function keyboardsOf(
  { link }: DeviceConfig,
  { allowedKeyboards: allowed }: ScannerSettings,
): ScannerOptions['keyboards'] {
  if (link.kind !== 'hid') return allowed ? { allowed, list: listHid } : undefined;
  const { vendorId, productId } = link;
  return { allowed, scanner: { vendorId, productId }, list: listHid };
}

/** The library is loaded at the first look: a kiosk without HID devices needs none. */
async function listHid(): Promise<readonly HidListing[]> {
  const { devicesAsync } = await import('node-hid');
  return devicesAsync();
}

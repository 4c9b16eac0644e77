/**
 * The Omron on its own USB plug: output reports are eight bytes, the mode is chosen by a feature report of two. The HID link
 * sends everything as output reports, so the library under it is told here which of the two is meant, by length.
 */
import type { Clock } from '../../contract/clock.ts';
import type { ByteLink } from '../link/byte-link.ts';
import { hidLink, type HidAddress, type HidLibrary, type LoadHid, type OpenHid } from '../link/hid.link.ts';

/** Number of the report and two bytes of mode. */
const FEATURE_BYTES = 3;

interface FeatureHid extends OpenHid {
  sendFeatureReport(report: Buffer): Promise<number>;
}
export type LoadFeatureHid = () => Promise<{
  devicesAsync: HidLibrary['devicesAsync'];
  readonly HIDAsync: { open(path: string): Promise<FeatureHid> };
}>;

export function omronHidLink(
  address: HidAddress,
  clock: Clock,
  load: LoadFeatureHid = () => import('node-hid'),
): ByteLink {
  return hidLink(address, clock, withFeatures(load));
}

function withFeatures(load: LoadFeatureHid): LoadHid {
  return async () => {
    const library = await load();
    return {
      devicesAsync: (vendorId, productId) => library.devicesAsync(vendorId, productId),
      HIDAsync: {
        async open(path) {
          const device = await library.HIDAsync.open(path);
          return {
            on: device.on.bind(device) as OpenHid['on'],
            write: (report) =>
              report.length === FEATURE_BYTES ? device.sendFeatureReport(report) : device.write(report),
            close: () => device.close(),
          };
        },
      },
    };
  };
}

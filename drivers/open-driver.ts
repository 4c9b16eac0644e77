/** From a device's configuration to its driver: the one table of classes. A new class is a new row. */
import type { DeviceConfig } from '../contract/devices/device-config.schema.ts';
import type { DeviceClass } from '../contract/driver.ts';
import type { Result } from '../contract/outcome.schema.ts';
import { unknownModel, type AnyDriver, type DriverWiring, type Opener } from './opener.ts';
import { openPaymentTerminal } from './payment-terminal/open-payment-terminal.ts';
import { openReceiptPrinter } from './receipt-printer/open-receipt-printer.ts';
import { openSmartCardReader } from './smart-card-reader/open-smart-card-reader.ts';

const OPENERS: Readonly<Record<DeviceClass, Opener>> = {
  'id-card-reader': unknownModel,
  'smart-card-reader': openSmartCardReader,
  'fingerprint-reader': unknownModel,
  'receipt-printer': openReceiptPrinter,
  'document-printer': unknownModel,
  scanner: unknownModel,
  'payment-terminal': openPaymentTerminal,
  locker: unknownModel,
  health: unknownModel,
  'sensors-and-lights': unknownModel,
  ups: unknownModel,
};

/** Opens the wire, too; the driver says in its status how that goes. `kiosk.badConfig` for a model or link that cannot be. */
export function openDriver(config: DeviceConfig, wiring: DriverWiring): Result<AnyDriver> {
  return OPENERS[config.class](config, wiring);
}

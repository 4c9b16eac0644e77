/** From a device's configuration to its driver: the one table of classes. A new class is a new row. */
import type { DeviceConfig } from '../contract/devices/device-config.schema.ts';
import type { DeviceClass } from '../contract/driver.ts';
import type { Result } from '../contract/outcome.schema.ts';
import { openHealth } from './health/open-health.ts';
import { openIdCardReader } from './id-card-reader/open-id-card-reader.ts';
import { openDocumentPrinter } from './document-printer/open-document-printer.ts';
import type { AnyDriver, DriverWiring, Opener } from './opener.ts';
import { openLocker } from './locker/open-locker.ts';
import { openFingerprintReader } from './fingerprint-reader/open-fingerprint-reader.ts';
import { openPaymentTerminal } from './payment-terminal/open-payment-terminal.ts';
import { openReceiptPrinter } from './receipt-printer/open-receipt-printer.ts';
import { openScanner } from './scanner/open-scanner.ts';
import { openSensorsAndLights } from './sensors-and-lights/open-sensors-and-lights.ts';
import { openSmartCardReader } from './smart-card-reader/open-smart-card-reader.ts';
import { openUps } from './ups/open-ups.ts';

const OPENERS: Readonly<Record<DeviceClass, Opener>> = {
  'id-card-reader': openIdCardReader,
  'smart-card-reader': openSmartCardReader,
  'fingerprint-reader': openFingerprintReader,
  'receipt-printer': openReceiptPrinter,
  'document-printer': openDocumentPrinter,
  scanner: openScanner,
  'payment-terminal': openPaymentTerminal,
  locker: openLocker,
  health: openHealth,
  'sensors-and-lights': openSensorsAndLights,
  ups: openUps,
};

/** Opens the wire, too; the driver says in its status how that goes. `kiosk.badConfig` for a model or link that cannot be. */
export function openDriver(config: DeviceConfig, wiring: DriverWiring): Result<AnyDriver> {
  return OPENERS[config.class](config, wiring);
}

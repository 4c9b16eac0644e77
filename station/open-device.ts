import type { StationDevice } from '../contract/station-config.schema.ts';
import { openHealth } from './devices/health.ts';
import { openLocker } from './devices/locker.ts';
import { openIdCardReader } from './devices/id-card-reader.ts';
import { openFingerprintReader } from './devices/fingerprint-reader.ts';
import { openDocumentPrinter } from './devices/document-printer.ts';
import { openPaymentTerminal } from './devices/payment-terminal.ts';
import { openReceiptPrinter } from './devices/receipt-printer.ts';
import { openScanner } from './devices/scanner.ts';
import { openSensorsAndLights } from './devices/sensors-and-lights.ts';
import { openSmartCardReader } from './devices/smart-card-reader.ts';
import { openUps } from './devices/ups.ts';
import type { OpenSimulator, StationDeviceHandle, Surroundings } from './station-device.ts';

type Openers = { readonly [Class in StationDevice['class']]: OpenSimulator<Class> };

/** One row a class; a class without a simulator cannot be named in a station's configuration. */
const OPENERS: Openers = {
  'receipt-printer': openReceiptPrinter,
  'payment-terminal': openPaymentTerminal,
  'smart-card-reader': openSmartCardReader,
  'id-card-reader': openIdCardReader,
  'fingerprint-reader': openFingerprintReader,
  'document-printer': openDocumentPrinter,
  scanner: openScanner,
  locker: openLocker,
  health: openHealth,
  'sensors-and-lights': openSensorsAndLights,
  ups: openUps,
};

/** Starts one simulator on its wire. Rejects when the wire cannot be had. */
export function openDevice(config: StationDevice, surroundings: Surroundings): Promise<StationDeviceHandle> {
  const open = OPENERS[config.class] as OpenSimulator<StationDevice['class']>;
  return open(config, surroundings);
}

import type { StationDevice } from '../contract/station-config.schema.ts';
import { openPaymentTerminal } from './devices/payment-terminal.ts';
import { openReceiptPrinter } from './devices/receipt-printer.ts';
import { openSmartCardReader } from './devices/smart-card-reader.ts';
import type { OpenSimulator, StationDeviceHandle, Surroundings } from './station-device.ts';

type Openers = { readonly [Class in StationDevice['class']]: OpenSimulator<Class> };

/** One row a class; a class without a simulator cannot be named in a station's configuration. */
const OPENERS: Openers = {
  'receipt-printer': openReceiptPrinter,
  'payment-terminal': openPaymentTerminal,
  'smart-card-reader': openSmartCardReader,
  'id-card-reader': notYet,
  'fingerprint-reader': notYet,
  'document-printer': notYet,
  scanner: notYet,
  locker: notYet,
  health: notYet,
  'sensors-and-lights': notYet,
  ups: notYet,
};

/** Starts one simulator on its wire. Rejects when the wire cannot be had. */
export function openDevice(config: StationDevice, surroundings: Surroundings): Promise<StationDeviceHandle> {
  const open = OPENERS[config.class] as OpenSimulator<StationDevice['class']>;
  return open(config, surroundings);
}

function notYet(config: { readonly class: string }): Promise<never> {
  return Promise.reject(new Error(`no simulator of the class ${config.class}`));
}

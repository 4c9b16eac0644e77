/**
 * What differs between scanners, as data. Layouts are the sheet's (device-protocols 5.10); USB vendor numbers are not in it
 * and are assumed. Product numbers differ with model and mode: the site file names the one it has.
 */
import { LAYOUTS, type HidposLayout } from './hidpos.codec.ts';
import type { LineEnd } from './serial-code.codec.ts';

export interface UsbVendor {
  readonly vendorId: number;
  readonly confidence: 'assumed';
}

export type ScannerModelName = 'honeywell-hidpos' | 'newland-hidpos' | 'idtech-hidpos' | 'hidpos-report-01' | 'serial';

export interface HidposModel {
  readonly name: ScannerModelName;
  readonly speech: 'hidpos';
  readonly layout: HidposLayout;
  /** `single`: one source only. */
  readonly layoutConfidence: 'sheet' | 'single';
  readonly usb?: UsbVendor;
}

export interface SerialModel {
  readonly name: ScannerModelName;
  readonly speech: 'serial';
  /** Settings of the scanner that a site can say otherwise; assumed. */
  readonly lineEnd: LineEnd;
  readonly saysAim: boolean;
}

export type ScannerModel = HidposModel | SerialModel;

const HONEYWELL_VENDOR = 0x0c2e;
const NEWLAND_VENDOR = 0x1eab;
const IDTECH_VENDOR = 0x0acd;

const MODELS: Readonly<Record<ScannerModelName, ScannerModel>> = {
  'honeywell-hidpos': {
    name: 'honeywell-hidpos',
    speech: 'hidpos',
    layout: LAYOUTS.honeywell,
    layoutConfidence: 'sheet',
    usb: { vendorId: HONEYWELL_VENDOR, confidence: 'assumed' },
  },
  'newland-hidpos': {
    name: 'newland-hidpos',
    speech: 'hidpos',
    layout: LAYOUTS.newland,
    layoutConfidence: 'sheet',
    usb: { vendorId: NEWLAND_VENDOR, confidence: 'assumed' },
  },
  'idtech-hidpos': {
    name: 'idtech-hidpos',
    speech: 'hidpos',
    layout: LAYOUTS.newland,
    layoutConfidence: 'sheet',
    usb: { vendorId: IDTECH_VENDOR, confidence: 'assumed' },
  },
  'hidpos-report-01': {
    name: 'hidpos-report-01',
    speech: 'hidpos',
    layout: LAYOUTS['report-01'],
    layoutConfidence: 'single',
  },
  serial: { name: 'serial', speech: 'serial', lineEnd: 'cr', saysAim: false },
};

/** Makers of scanners: one of their devices that types is a scanner in the wrong mode. Assumed, as all vendor numbers here. */
export const SCANNER_VENDORS: ReadonlySet<number> = new Set([
  HONEYWELL_VENDOR,
  NEWLAND_VENDOR,
  IDTECH_VENDOR,
  0x0536, // Hand Held Products
  0x05e0, // Symbol, Zebra
  0x05f9, // Datalogic
  0x065a, // Opticon
  0x04b4, // Cypress, in many unnamed scanners
]);

export function scannerModel(name: string): ScannerModel | undefined {
  return Object.hasOwn(MODELS, name) ? MODELS[name as ScannerModelName] : undefined;
}

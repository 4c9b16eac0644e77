/**
 * Models by class, and the protocols each speaks in the order in which a recording tries them. The model tables of the drivers
 * are the truth; a test holds this list against them.
 */
import type { DeviceClass } from '../../contract/driver.ts';

const ESCPOS = ['printer-escpos'];

export const MODEL_KEYS: Readonly<Record<DeviceClass, Readonly<Record<string, readonly string[]>>>> = {
  'id-card-reader': { 'sam-v': ['idcard-sam'], 'sam-v-refind': ['idcard-sam'], 'sam-v-hid': ['idcard-sam-hid'] },
  'smart-card-reader': {
    pcsc: [],
    contact: ['vpcd'],
    contactless: ['vpcd'],
    'contactless-lift-again': ['vpcd'],
    virtual: ['vpcd'],
  },
  'fingerprint-reader': {
    'zfm-20': ['fingerprint-zfm'],
    as608: ['fingerprint-zfm'],
    r503: ['fingerprint-zfm'],
    'jm-101b': ['fingerprint-zfm'],
    'zfm-clone': ['fingerprint-zfm'],
  },
  'receipt-printer': {
    'epson-tm-t88': ESCPOS,
    'custom-vkp80': ['printer-custom'],
    'cashino-kp628e': ESCPOS,
    'citizen-pmu': ['printer-citizen'],
    'star-tsp': ['printer-star'],
  },
  'document-printer': { 'ipp-everywhere': [], cups: [], 'ipp-1-1': [] },
  scanner: {
    'honeywell-hidpos': ['barcode-hidpos'],
    'newland-hidpos': ['barcode-hidpos-newland'],
    'idtech-hidpos': ['barcode-hidpos'],
    'hidpos-report-01': ['barcode-hidpos'],
    serial: [],
  },
  'payment-terminal': { 'mis-tlv': ['pos-mis-serial'], 'mis-dll': ['pos-mis-dll'] },
  locker: { 'board-8a': ['locker-8a'], 'kerong-cu16': ['locker-kerong-cu16'], cu48: ['locker-cu48'] },
  health: {
    'cms50-5byte': ['spo2-cms50-5byte'],
    'cms50-9byte': ['spo2-cms50-9byte'],
    'omron-hid-790it': ['bp-omron-hid', 'health-gateway'],
    'suntech-ascii': ['bp-suntech'],
    maibobo: ['bp-maibobo'],
    'ble-bp': ['health-gateway'],
    'ble-weight': ['health-gateway'],
  },
  'sensors-and-lights': { 'modbus-rtu': ['modbus-rtu'], 'modbus-tcp': ['modbus-tcp'] },
  ups: { nut: [] },
};

export function keysOf(deviceClass: DeviceClass, model: string): readonly string[] {
  return MODEL_KEYS[deviceClass][model] ?? [];
}

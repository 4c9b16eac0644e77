/** Every protocol of every class by its key: what `npm run device -- decode` looks things up in. */
import { WIRE_KEYS as ID_CARD_READER } from './id-card-reader/wire-keys.ts';
import { WIRE_KEYS as HEALTH } from './health/wire-keys.ts';
import { WIRE_KEYS as LOCKER } from './locker/wire-keys.ts';
import { WIRE_KEYS as PAYMENT_TERMINAL } from './payment-terminal/wire-keys.ts';
import { WIRE_KEYS as SCANNER } from './scanner/wire-keys.ts';
import { WIRE_KEYS as SMART_CARD_READER } from './smart-card-reader/wire-keys.ts';
import { WIRE_KEYS as FINGERPRINT_READER } from './fingerprint-reader/wire-keys.ts';
import { WIRE_KEYS as RECEIPT_PRINTER } from './receipt-printer/wire-keys.ts';
import { WIRE_KEYS as DOCUMENT_PRINTER } from './document-printer/wire-keys.ts';
import { WIRE_KEYS as SENSORS_AND_LIGHTS } from './sensors-and-lights/wire-keys.ts';
import { WIRE_KEYS as UPS } from './ups/wire-keys.ts';
import type { WireKey } from './wire-key.ts';
import { WIRE_KEYS as XFS4IOT } from './xfs4iot/wire-keys.ts';

export const WIRE_KEYS: readonly WireKey[] = [
  ...ID_CARD_READER,
  ...HEALTH,
  ...LOCKER,
  ...PAYMENT_TERMINAL,
  ...SCANNER,
  ...SMART_CARD_READER,
  ...FINGERPRINT_READER,
  ...RECEIPT_PRINTER,
  ...XFS4IOT,
  ...DOCUMENT_PRINTER,
  ...SENSORS_AND_LIGHTS,
  ...UPS,
];

export function wireKey(key: string): WireKey | undefined {
  return WIRE_KEYS.find((candidate) => candidate.key === key);
}

/** What every class worked out by hand, in one table. */
import { VECTORS as FINGERPRINT_READER } from '../fingerprint-reader/testing/vectors.ts';
import { VECTORS as HEALTH } from '../health/testing/vectors.ts';
import { VECTORS as ID_CARD_READER } from '../id-card-reader/testing/vectors.ts';
import { VECTORS as LOCKER } from '../locker/testing/vectors.ts';
import { VECTORS as PAYMENT_TERMINAL } from '../payment-terminal/testing/vectors.ts';
import { VECTORS as RECEIPT_PRINTER } from '../receipt-printer/testing/vectors.ts';
import { VECTORS as SCANNER } from '../scanner/testing/vectors.ts';
import { VECTORS as SMART_CARD_READER } from '../smart-card-reader/testing/vectors.ts';
import { VECTORS as XFS4IOT } from '../xfs4iot/testing/vectors.ts';
import type { Vectors } from './vectors.ts';

export const ALL_VECTORS: Vectors = {
  ...FINGERPRINT_READER,
  ...HEALTH,
  ...ID_CARD_READER,
  ...LOCKER,
  ...PAYMENT_TERMINAL,
  ...RECEIPT_PRINTER,
  ...SCANNER,
  ...SMART_CARD_READER,
  ...XFS4IOT,
};

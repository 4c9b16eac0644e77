/** Data of the PBOC e-purse and its PSAM, field by field (device-protocols 2.4 to 2.6). Amounts in fen. */
import type { Layout } from './card-layout.codec.ts';

export const PUBLIC_INFORMATION: Layout = [
  { name: 'issuer', bytes: 8, as: 'hex' },
  { name: 'applicationType', bytes: 1, as: 'hex' },
  { name: 'applicationVersion', bytes: 1, as: 'hex' },
  { name: 'serial', bytes: 10, as: 'bcd' },
  { name: 'startDate', bytes: 4, as: 'date' },
  { name: 'endDate', bytes: 4, as: 'date' },
  { name: 'issuerData', bytes: 2, as: 'hex' },
];

/** The first 30 bytes of file 0016, which is what the usual question asks for. */
export const HOLDER_BEGINNING: Layout = [
  { name: 'holderClass', bytes: 1, as: 'hex' },
  { name: 'bankStaff', bytes: 1, as: 'hex' },
  { name: 'holderName', bytes: 20, as: 'gbk' },
  { name: 'holderIdBeginning', bytes: 8, as: 'ascii' },
];

export const HOLDER: Layout = [
  { name: 'holderClass', bytes: 1, as: 'hex' },
  { name: 'bankStaff', bytes: 1, as: 'hex' },
  { name: 'holderName', bytes: 20, as: 'gbk' },
  { name: 'holderId', bytes: 32, as: 'ascii' },
  { name: 'holderIdType', bytes: 1, as: 'hex' },
];

/** File 0017 of the national transport card. */
export const T_UNION_CITY: Layout = [
  { name: 'reserved', bytes: 4, as: 'hex' },
  { name: 'province', bytes: 2, as: 'hex' },
  { name: 'city', bytes: 2, as: 'hex' },
  { name: 'reservedToo', bytes: 2, as: 'hex' },
  { name: 'cardType', bytes: 1, as: 'hex' },
];

export const LOG_RECORD: Layout = [
  { name: 'sequence', bytes: 2, as: 'number' },
  { name: 'overdraftLimitCents', bytes: 3, as: 'number' },
  { name: 'amountCents', bytes: 4, as: 'number' },
  { name: 'type', bytes: 1, as: 'hex' },
  { name: 'terminal', bytes: 6, as: 'hex' },
  { name: 'date', bytes: 4, as: 'date' },
  { name: 'time', bytes: 3, as: 'time' },
];

export const BALANCE: Layout = [{ name: 'balanceCents', bytes: 4, as: 'balance' }];
export const TAC: Layout = [{ name: 'tac', bytes: 4, as: 'hex' }];

export const INITIALIZE: Layout = [
  { name: 'keyIndex', bytes: 1, as: 'number' },
  { name: 'amountCents', bytes: 4, as: 'number' },
  { name: 'terminal', bytes: 6, as: 'hex' },
];

export const LOAD_INITIALIZED: Layout = [
  { name: 'balanceCents', bytes: 4, as: 'balance' },
  { name: 'onlineSequence', bytes: 2, as: 'number' },
  { name: 'keyVersion', bytes: 1, as: 'number' },
  { name: 'algorithm', bytes: 1, as: 'number' },
  { name: 'random', bytes: 4, as: 'hex' },
  { name: 'mac1', bytes: 4, as: 'hex' },
];

export const PURCHASE_INITIALIZED: Layout = [
  { name: 'balanceCents', bytes: 4, as: 'balance' },
  { name: 'offlineSequence', bytes: 2, as: 'number' },
  { name: 'overdraftLimitCents', bytes: 3, as: 'number' },
  { name: 'keyVersion', bytes: 1, as: 'number' },
  { name: 'algorithm', bytes: 1, as: 'number' },
  { name: 'random', bytes: 4, as: 'hex' },
];

export const CREDIT: Layout = [
  { name: 'date', bytes: 4, as: 'date' },
  { name: 'time', bytes: 3, as: 'time' },
  { name: 'mac2', bytes: 4, as: 'hex' },
];

export const DEBIT: Layout = [
  { name: 'terminalSequence', bytes: 4, as: 'hex' },
  { name: 'date', bytes: 4, as: 'date' },
  { name: 'time', bytes: 3, as: 'time' },
  { name: 'mac1', bytes: 4, as: 'hex' },
];

export const DEBITED: Layout = [...TAC, { name: 'mac2', bytes: 4, as: 'hex' }];

/** Order of the two: uncertainty 7; as in the sheet's frame. */
export const PROVED: Layout = [{ name: 'mac', bytes: 4, as: 'hex' }, ...TAC];

export const SEQUENCE: Layout = [{ name: 'sequence', bytes: 2, as: 'number' }];

export const SAM_INITIALIZE: Layout = [
  { name: 'random', bytes: 4, as: 'hex' },
  { name: 'cardSequence', bytes: 2, as: 'number' },
  { name: 'amountCents', bytes: 4, as: 'number' },
  { name: 'type', bytes: 1, as: 'hex' },
  { name: 'date', bytes: 4, as: 'date' },
  { name: 'time', bytes: 3, as: 'time' },
  { name: 'keyVersion', bytes: 1, as: 'number' },
  { name: 'algorithm', bytes: 1, as: 'number' },
  { name: 'cardSerial', bytes: 8, as: 'hex' },
];

/** With the area diversifier of toll and transit PSAMs. */
export const SAM_INITIALIZE_AREA: Layout = [...SAM_INITIALIZE, { name: 'area', bytes: 8, as: 'hex' }];

export const SAM_INITIALIZED: Layout = [
  { name: 'terminalSequence', bytes: 4, as: 'hex' },
  { name: 'mac1', bytes: 4, as: 'hex' },
];

export const MAC2: Layout = [{ name: 'mac2', bytes: 4, as: 'hex' }];
export const TERMINAL: Layout = [{ name: 'terminal', bytes: 6, as: 'hex' }];

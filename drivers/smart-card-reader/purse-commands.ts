/** Commands of the e-purse and the PSAM as the driver sends them (device-protocols 2.5, 2.6). */
import { numberBytes, writeLayout, type Fields, type Layout } from './card-layout.codec.ts';
import { DEBIT, INITIALIZE, MAC2, SAM_INITIALIZE, SAM_INITIALIZE_AREA, SEQUENCE } from './purse-layouts.ts';

/** P2: 1 deposit, 2 purse. */
export type Account = 1 | 2;

/** Type of a purchase in log, proof and MAC. */
export function purchaseType(account: Account): number {
  return 0x04 + account;
}

export function getBalance(account: Account): Uint8Array {
  return Uint8Array.of(0x80, 0x5c, 0x00, account, 0x04);
}

export function initializeForPurchase(account: Account, data: Fields): Uint8Array {
  return withData([0x80, 0x50, 0x01, account], INITIALIZE, data, 0x0f);
}

export function debitForPurchase(data: Fields): Uint8Array {
  return withData([0x80, 0x54, 0x01, 0x00], DEBIT, data, 0x08);
}

export function getTransactionProve(account: Account, sequence: number): Uint8Array {
  return withData([0x80, 0x5a, 0x00, purchaseType(account)], SEQUENCE, { sequence }, 0x08);
}

export function initializeSam(data: Fields): Uint8Array {
  return withData([0x80, 0x70, 0x00, 0x00], data['area'] === undefined ? SAM_INITIALIZE : SAM_INITIALIZE_AREA, data);
}

export function creditSam(mac2: string): Uint8Array {
  return withData([0x80, 0x72, 0x00, 0x00], MAC2, { mac2 });
}

/** Throws when a value does not fit its field: what is sent here was read from a card or checked by a schema. */
function withData(header: readonly number[], layout: Layout, fields: Fields, le?: number): Uint8Array {
  const data = writeLayout(layout, fields);
  const length = numberBytes(data?.length ?? 0, 1);
  if (!data || !length) throw new Error(`a field of ${layout.map(({ name }) => name).join(', ')} does not fit`);
  return Uint8Array.of(...header, ...length, ...data, ...(le === undefined ? [] : [le]));
}

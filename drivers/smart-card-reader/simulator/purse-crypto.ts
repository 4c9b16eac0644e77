/** Session keys, MACs and TACs of the PBOC e-purse (device-protocols 2.5). Only the two ends know keys: card and PSAM. */
import { createCipheriv } from 'node:crypto';

const NO_IV = new Uint8Array(8);

/** One block under a double-length issuer key. */
export function sessionKey(key: Uint8Array, block: Uint8Array): Uint8Array {
  return encrypt('des-ede3', Uint8Array.of(...key, ...key.slice(0, 8)), null, block);
}

/** The first four bytes of the last block of DES-CBC over the data, padded with 80 00…. */
export function macOf(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const data = parts.flatMap((part) => [...part]);
  const padded = [...data, 0x80, ...new Uint8Array((15 - (data.length % 8)) % 8)];
  const tripled = Uint8Array.of(...key, ...key, ...key);
  return encrypt('des-ede3-cbc', tripled, NO_IV, Uint8Array.from(padded)).slice(-8, -4);
}

/** Key of the TAC: both halves of the TAC key, one over the other. */
export function tacKey(key: Uint8Array): Uint8Array {
  return key.slice(0, 8).map((byte, at) => byte ^ (key[at + 8] ?? 0));
}

function encrypt(name: string, key: Uint8Array, iv: Uint8Array | null, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv(name, key, iv).setAutoPadding(false);
  return Uint8Array.of(...cipher.update(data), ...cipher.final());
}

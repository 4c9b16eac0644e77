/** Keys and MAC of UnionPay terminals: ECB algorithm, single and double length keys (device-protocols 5.6). */
import { createCipheriv, createDecipheriv } from 'node:crypto';

const BLOCK_BYTES = 8;
/** The MAC key of the sheet's worked messages. No terminal in the field has it. */
export const WORKED_MAC_KEY: Uint8Array = Uint8Array.from(Buffer.from('0123456789ABCDEF', 'hex'));

/**
 * Eight capital hex digits over message type to field 63: XOR of all blocks, its first eight digits enciphered, XORed with
 * the last eight, enciphered again. `key`: 8 bytes (DES) or 16 (3DES); anything else throws, for keys are ours to check.
 */
export function ecbMac(input: Uint8Array, key: Uint8Array): string {
  const folded = new Uint8Array(BLOCK_BYTES);
  for (const [index, byte] of input.entries()) folded[index % BLOCK_BYTES] = (folded[index % BLOCK_BYTES] ?? 0) ^ byte;
  const digits = Buffer.from(capitalHex(folded), 'latin1');
  const first = encipher(digits.subarray(0, BLOCK_BYTES), key);
  const mixed = first.map((byte, index) => byte ^ (digits[BLOCK_BYTES + index] ?? 0));
  return capitalHex(encipher(mixed, key)).slice(0, BLOCK_BYTES);
}

/** A working key as it comes at sign-in, deciphered block by block with the terminal's master key. */
export function unwrapKey(wrapped: Uint8Array, masterKey: Uint8Array): Uint8Array {
  const key = new Uint8Array(wrapped.length);
  for (let at = 0; at < wrapped.length; at += BLOCK_BYTES) {
    key.set(decipher(wrapped.subarray(at, at + BLOCK_BYTES), masterKey), at);
  }
  return key;
}

/** The first four bytes of zeros enciphered with the key: what the acquirer sends along to check it. */
export function checkValue(key: Uint8Array): string {
  return capitalHex(encipher(new Uint8Array(BLOCK_BYTES), key)).slice(0, 8);
}

/*
 * OpenSSL 3 has single DES only in its legacy provider; 3DES with one key three times is the same. One block in CBC with a
 * zero vector is ECB, and every OpenSSL and BoringSSL has it.
 */
const CIPHER = 'des-ede3-cbc';
const ZERO_VECTOR = Buffer.alloc(BLOCK_BYTES);

function encipher(block: Uint8Array, key: Uint8Array): Uint8Array {
  const cipher = createCipheriv(CIPHER, tripled(key), ZERO_VECTOR).setAutoPadding(false);
  return Uint8Array.from(Buffer.concat([cipher.update(block), cipher.final()]));
}

function decipher(block: Uint8Array, key: Uint8Array): Uint8Array {
  const cipher = createDecipheriv(CIPHER, tripled(key), ZERO_VECTOR).setAutoPadding(false);
  return Uint8Array.from(Buffer.concat([cipher.update(block), cipher.final()]));
}

function tripled(key: Uint8Array): Buffer {
  if (key.length === BLOCK_BYTES) return Buffer.concat([key, key, key]);
  if (key.length === BLOCK_BYTES * 2) return Buffer.concat([key, key.subarray(0, BLOCK_BYTES)]);
  throw new RangeError(`a key of ${key.length} bytes`);
}

function capitalHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

/** Raw 32-byte keys in base64, as they travel, made into what Node works with. */
import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { TerminalPublicKeys } from '../../contract/enrolment.schema.ts';
import { PRIVATE_KEY_PREFIX, PUBLIC_KEY_PREFIX, RAW_KEY_BYTES, type Curve } from '../../contract/raw-key.ts';

export function publicKeyOf(curve: Curve, raw: string): KeyObject {
  const key = Buffer.concat([Buffer.from(PUBLIC_KEY_PREFIX[curve], 'hex'), Buffer.from(raw, 'base64')]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

export function privateKeyOf(curve: Curve, raw: string): KeyObject {
  const key = Buffer.concat([Buffer.from(PRIVATE_KEY_PREFIX[curve], 'hex'), Buffer.from(raw, 'base64')]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

export function rawPublicOf(key: KeyObject): string {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return der.subarray(-RAW_KEY_BYTES).toString('base64');
}

/** First 16 hex digits of the SHA-256 over the raw keys; names one key or a terminal's pair. */
export function fingerprintOf(...rawKeys: readonly string[]): string {
  const hash = createHash('sha256');
  for (const raw of rawKeys) hash.update(Buffer.from(raw, 'base64'));
  return hash.digest('hex').slice(0, 16);
}

export function pairFingerprint({ signing, agreement }: TerminalPublicKeys): string {
  return fingerprintOf(signing, agreement);
}

/** 32 bytes by HKDF-SHA256. */
export function derive(secret: Uint8Array, info: string, salt: Uint8Array = new Uint8Array(0)): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, RAW_KEY_BYTES));
}

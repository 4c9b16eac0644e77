/** Opens what a terminal sealed (`contract/sealed-part.ts`), with whichever of the platform's keys it was sealed to. */
import { createDecipheriv, createHash, diffieHellman } from 'node:crypto';
import {
  COMMITMENT_SALT_BYTES,
  SEAL_HEADER_BYTES,
  SEAL_INFO,
  SEAL_KEY_ID_BYTES,
  SEAL_NONCE_BYTES,
  SEAL_TAG_BYTES,
  SEAL_VERSION,
} from '../../contract/sealed-part.ts';
import type { Keyring } from './keyring.ts';
import { derive, publicKeyOf, rawPublicOf } from './raw-keys.ts';

export type Opened<Content> =
  | { readonly kind: 'opened'; readonly content: Content }
  /** `foreignKey`: sealed to a key this platform does not have. `notCommitted`: whole, but not what the record stands for. */
  | { readonly kind: 'foreignKey' | 'damaged' | 'notCommitted' };

const NONCE = new Uint8Array(SEAL_NONCE_BYTES);

export function open(keyring: Keyring, sealed: Uint8Array): Opened<Buffer> {
  if (sealed.length < SEAL_HEADER_BYTES + SEAL_TAG_BYTES || sealed[0] !== SEAL_VERSION) return { kind: 'damaged' };
  const header = Buffer.from(sealed.subarray(0, SEAL_HEADER_BYTES));
  const privateKey = keyring.agreementKey(header.subarray(1, 1 + SEAL_KEY_ID_BYTES).toString('hex'));
  if (!privateKey) return { kind: 'foreignKey' };
  const ephemeral = header.subarray(1 + SEAL_KEY_ID_BYTES).toString('base64');
  try {
    const secret = diffieHellman({ privateKey, publicKey: publicKeyOf('x25519', ephemeral) });
    const recipient = Buffer.from(rawPublicOf(privateKey), 'base64');
    const decipher = createDecipheriv(
      'aes-256-gcm',
      derive(secret, SEAL_INFO, Buffer.concat([header, recipient])),
      NONCE,
    );
    decipher.setAuthTag(sealed.subarray(-SEAL_TAG_BYTES));
    const plain = decipher.update(sealed.subarray(SEAL_HEADER_BYTES, -SEAL_TAG_BYTES));
    return { kind: 'opened', content: Buffer.concat([plain, decipher.final()]) };
  } catch {
    return { kind: 'damaged' }; // the tag does not fit, or the ephemeral key is no point
  }
}

/** The personal part of a record that holds `commitment`, as JSON data. */
export function openPersonal(keyring: Keyring, commitment: string, sealed: string): Opened<unknown> {
  const opened = open(keyring, Buffer.from(sealed, 'base64'));
  if (opened.kind !== 'opened') return opened;
  const plain = opened.content;
  if (createHash('sha256').update(plain).digest('hex') !== commitment) return { kind: 'notCommitted' };
  return { kind: 'opened', content: JSON.parse(plain.subarray(COMMITMENT_SALT_BYTES).toString('utf8')) };
}

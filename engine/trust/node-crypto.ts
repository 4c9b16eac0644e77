/** The provider of a terminal whose keys lie in a file: Node's own OpenSSL (in Electron, BoringSSL; it has all of this too). */
import {
  createCipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { PRIVATE_KEY_PREFIX, PUBLIC_KEY_PREFIX, RAW_KEY_BYTES, type Curve } from '../../contract/raw-key.ts';
import type { CryptoProvider, KeyPair, SavedKeys } from './crypto-provider.ts';

const NO_SALT = new Uint8Array(0);

export const nodeCrypto: CryptoProvider = {
  suite: 'ed25519-x25519-sha256-aes256gcm',
  makeKeys: (chance) =>
    loadKeys({ signing: toBase64(chance.bytes(RAW_KEY_BYTES)), agreement: toBase64(chance.bytes(RAW_KEY_BYTES)) }),
  loadKeys,
  digest: (content) => createHash('sha256').update(content).digest(),
  mac: (key, text) => createHmac('sha256', key).update(text, 'utf8').digest(),
  derive: (secret, info, salt = NO_SALT) => new Uint8Array(hkdfSync('sha256', secret, salt, info, RAW_KEY_BYTES)),
  verify: (publicKey, text, signature) => verify(null, text, publicKeyOf('ed25519', publicKey), signature),
  encrypt(key, nonce, plain) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  },
};

function loadKeys(saved: SavedKeys): KeyPair {
  const signing = privateKeyOf('ed25519', saved.signing);
  const agreement = privateKeyOf('x25519', saved.agreement);
  return {
    publicKeys: { signing: rawPublic(signing), agreement: rawPublic(agreement) },
    saved,
    sign: async (text) => sign(null, text, signing),
    agree: async (publicKey) => diffieHellman({ privateKey: agreement, publicKey: publicKeyOf('x25519', publicKey) }),
  };
}

function privateKeyOf(curve: Curve, secret: string): KeyObject {
  const raw = Buffer.from(secret, 'base64');
  if (raw.length !== RAW_KEY_BYTES) throw new Error(`an ${curve} key has ${RAW_KEY_BYTES} bytes, not ${raw.length}`);
  const key = Buffer.concat([Buffer.from(PRIVATE_KEY_PREFIX[curve], 'hex'), raw]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

function publicKeyOf(curve: Curve, publicKey: string): KeyObject {
  const key = Buffer.concat([Buffer.from(PUBLIC_KEY_PREFIX[curve], 'hex'), Buffer.from(publicKey, 'base64')]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function rawPublic(key: KeyObject): string {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return der.subarray(-RAW_KEY_BYTES).toString('base64');
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

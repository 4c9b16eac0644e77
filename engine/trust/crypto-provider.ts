/**
 * Every key operation of the terminal goes through this seam, so that the keys may live elsewhere than in a file: in a TPM, in
 * a vendor's module (GM/T 0016). One provider exists, `node-crypto.ts` (Ed25519, X25519, SHA-256, AES-256-GCM). SM2, SM3 and
 * SM4 are a provider to be added with a certified module; nothing here pretends to be one (money-and-sync 4.5).
 */
import type { Chance } from '../../contract/clock.ts';
import type { TerminalPublicKeys } from '../../contract/enrolment.schema.ts';

/** As kept on disk. What the texts hold is the provider's business: secret bytes in base64, or the name of a slot. */
export interface SavedKeys {
  readonly signing: string;
  readonly agreement: string;
}

export interface KeyPair {
  readonly publicKeys: TerminalPublicKeys;
  readonly saved: SavedKeys;
  /** A chip needs 0.1 to 0.3 s for it: sign batches, not records. */
  sign(text: Uint8Array): Promise<Uint8Array>;
  /** The secret that only the two key holders can work out; 32 bytes. */
  agree(publicKey: string): Promise<Uint8Array>;
}

export interface CryptoProvider {
  readonly suite: 'ed25519-x25519-sha256-aes256gcm';
  makeKeys(chance: Chance): KeyPair;
  /** Throws when the saved keys are not of this provider. */
  loadKeys(saved: SavedKeys): KeyPair;
  digest(content: Uint8Array): Uint8Array;
  mac(key: Uint8Array, text: string): Uint8Array;
  /** 32 bytes by HKDF. */
  derive(secret: Uint8Array, info: string, salt?: Uint8Array): Uint8Array;
  verify(publicKey: string, text: Uint8Array, signature: Uint8Array): boolean;
  /** Cipher text followed by the 16-byte tag. `key` is used once. */
  encrypt(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Uint8Array;
}

/**
 * Seals what is personal before it touches the disk: from then on this terminal itself cannot read it, only the platform can.
 * A stolen disk, backup or stick shows nothing; erasing a sealed part leaves the chain whole, which covers the commitment.
 */
import type { Chance } from '../../contract/clock.ts';
import { COMMITMENT_SALT_BYTES, SEAL_INFO, SEAL_NONCE_BYTES, SEAL_VERSION } from '../../contract/sealed-part.ts';
import type { PlatformKeys } from '../../contract/enrolment.schema.ts';
import type { CryptoProvider } from './crypto-provider.ts';

export interface SealedPersonal {
  /** SHA-256 over salt and content, hex: what the record holds. */
  readonly commitment: string;
  /** Base64: what travels beside it. */
  readonly sealed: string;
}

export interface Sealer {
  readonly provider: CryptoProvider;
  readonly chance: Chance;
  /** The platform's. */
  readonly key: PlatformKeys['agreement'];
}

const NONCE = new Uint8Array(SEAL_NONCE_BYTES);

/** `content` is plain JSON data. */
export async function sealPersonal(sealer: Sealer, content: unknown): Promise<SealedPersonal> {
  const salt = sealer.chance.bytes(COMMITMENT_SALT_BYTES);
  const plain = Buffer.concat([salt, Buffer.from(JSON.stringify(content), 'utf8')]);
  const commitment = Buffer.from(sealer.provider.digest(plain)).toString('hex');
  const sealed = (await seal(sealer, plain)).toString('base64');
  plain.fill(0);
  return { commitment, sealed };
}

export async function seal({ provider, chance, key }: Sealer, plain: Uint8Array): Promise<Buffer> {
  const ephemeral = provider.makeKeys(chance);
  const header = Buffer.concat([
    Buffer.of(SEAL_VERSION),
    Buffer.from(key.keyId, 'hex'),
    Buffer.from(ephemeral.publicKeys.agreement, 'base64'),
  ]);
  const salt = Buffer.concat([header, Buffer.from(key.publicKey, 'base64')]);
  const once = provider.derive(await ephemeral.agree(key.publicKey), SEAL_INFO, salt);
  return Buffer.concat([header, provider.encrypt(once, NONCE, plain)]);
}

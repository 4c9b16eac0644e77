/**
 * Who this terminal is: its name, its keys, and the platform's keys it was given when it was enrolled. The key that signs
 * ordinary calls is derived once; the terminal's own signature is for what must be evidence later (batches, keys).
 */
import { writeKeyId } from '../../contract/enrolment.ts';
import type { PlatformKeys, TerminalPublicKeys } from '../../contract/enrolment.schema.ts';
import { REQUEST_KEY_INFO } from '../../contract/http-signature.ts';
import type { CryptoProvider, KeyPair } from './crypto-provider.ts';

export interface TerminalIdentity {
  readonly terminal: string;
  readonly fingerprint: string;
  /** `keyid` of requests signed with the terminal's own key, and with the agreed one. */
  readonly signingKeyId: string;
  readonly requestKeyId: string;
  readonly platform: PlatformKeys;
  readonly provider: CryptoProvider;
  /** Ed25519; base64. */
  sign(text: string): Promise<string>;
  /** HMAC-SHA256 with the agreed key; base64. */
  mac(text: string): string;
}

export interface IdentityParts {
  readonly terminal: string;
  readonly keys: KeyPair;
  readonly platform: PlatformKeys;
  readonly provider: CryptoProvider;
}

export async function createIdentity({ terminal, keys, platform, provider }: IdentityParts): Promise<TerminalIdentity> {
  const fingerprint = fingerprintOf(provider, keys.publicKeys);
  const requestKey = provider.derive(await keys.agree(platform.agreement.publicKey), REQUEST_KEY_INFO);
  return {
    terminal,
    fingerprint,
    signingKeyId: writeKeyId({ terminal, fingerprint }),
    requestKeyId: writeKeyId({ terminal, fingerprint, platformKey: platform.agreement.keyId }),
    platform,
    provider,
    sign: async (text) => Buffer.from(await keys.sign(Buffer.from(text, 'utf8'))).toString('base64'),
    mac: (text) => Buffer.from(provider.mac(requestKey, text)).toString('base64'),
  };
}

/** Names a pair of keys: first 16 hex digits of the SHA-256 over both raw public keys. */
export function fingerprintOf(provider: CryptoProvider, { signing, agreement }: TerminalPublicKeys): string {
  const raw = Buffer.concat([Buffer.from(signing, 'base64'), Buffer.from(agreement, 'base64')]);
  return Buffer.from(provider.digest(raw)).toString('hex').slice(0, 16);
}

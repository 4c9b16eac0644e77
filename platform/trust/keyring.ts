/**
 * The platform's own keys, given to every node of it alike: one that signs, those that parts are sealed to (the newest is
 * handed out, older ones still open what was sealed to them), and the public half of the offline root.
 */
import { createSecretKey, diffieHellman, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import Type, { type Static } from 'typebox';
import type { Chance } from '../../contract/clock.ts';
import { PlatformKeys, PublicKey } from '../../contract/enrolment.schema.ts';
import { REQUEST_KEY_INFO } from '../../contract/http-signature.ts';
import { RAW_KEY_BYTES } from '../../contract/raw-key.ts';
import { derive, fingerprintOf, privateKeyOf, publicKeyOf, rawPublicOf } from './raw-keys.ts';

/** As it lies in the key file. Secrets are raw, base64. */
export const SavedKeyring = Type.Object(
  {
    signing: PublicKey,
    /** Newest first. */
    agreement: Type.Array(PublicKey, { minItems: 1, maxItems: 8 }),
    root: PlatformKeys.properties.root,
  },
  { additionalProperties: false },
);
export type SavedKeyring = Static<typeof SavedKeyring>;

export interface Keyring {
  /** What terminals are given. */
  readonly public: PlatformKeys;
  /** Ed25519, base64. */
  sign(text: string): string;
  /** The same, beside the thread that serves: for what every batch is answered with. */
  signSoon(text: string): Promise<string>;
  /** Undefined when the platform has no such key. */
  agreementKey(keyId: string): KeyObject | undefined;
  /** The key of a terminal's ordinary requests; undefined when the platform has no such key. */
  requestKey(keyId: string, terminalAgreementKey: string): KeyObject | undefined;
}

const signSoon = promisify(sign);

export function createKeyring(saved: SavedKeyring): Keyring {
  const signing = privateKeyOf('ed25519', saved.signing);
  const agreement = new Map(
    saved.agreement.map((raw) => {
      const key = privateKeyOf('x25519', raw);
      return [fingerprintOf(rawPublicOf(key)), key] as const;
    }),
  );
  const [newest] = agreement;
  if (!newest) throw new Error('a platform has at least one agreement key');
  return {
    public: {
      signing: known(rawPublicOf(signing)),
      agreement: { keyId: newest[0], publicKey: rawPublicOf(newest[1]) },
      root: saved.root,
    },
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), signing).toString('base64'),
    signSoon: async (text) => (await signSoon(null, Buffer.from(text, 'utf8'), signing)).toString('base64'),
    agreementKey: (keyId) => agreement.get(keyId),
    requestKey(keyId, terminalAgreementKey) {
      const privateKey = agreement.get(keyId);
      if (!privateKey) return undefined;
      const secret = diffieHellman({ privateKey, publicKey: publicKeyOf('x25519', terminalAgreementKey) });
      return createSecretKey(derive(secret, REQUEST_KEY_INFO));
    },
  };
}

/** Fresh keys; the root's public keys come from whoever keeps the root. */
export function makeKeyring(chance: Chance, root: PlatformKeys['root']): SavedKeyring {
  return { signing: secret(chance), agreement: [secret(chance)], root };
}

export interface RootSecret {
  readonly root: PlatformKeys['root'];
  /** Raw Ed25519 secrets, base64. They do not belong on the platform. */
  readonly secrets: readonly string[];
}

export function makeRoot(chance: Chance, threshold: number, count: number): RootSecret {
  const secrets = Array.from({ length: count }, () => secret(chance));
  const keys = secrets.map((raw) => known(rawPublicOf(privateKeyOf('ed25519', raw))));
  return { root: { threshold, keys }, secrets };
}

function known(publicKey: string): { keyId: string; publicKey: string } {
  return { keyId: fingerprintOf(publicKey), publicKey };
}

function secret(chance: Chance): string {
  return Buffer.from(chance.bytes(RAW_KEY_BYTES)).toString('base64');
}

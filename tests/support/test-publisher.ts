/** Whoever writes documents away from the platform: the root that allows keys, and a key that signs. */
import { createHash, sign } from 'node:crypto';
import {
  delegationText,
  documentText,
  type Channel,
  type Delegation,
  type DelegationContent,
  type DetachedSignature,
  type SignedDocument,
} from '../../contract/document.schema.ts';
import { fingerprintOf, privateKeyOf, rawPublicOf } from '../../platform/trust/raw-keys.ts';
import { namedChance, TEST_ROOT } from './test-identity.ts';

export interface TestKey {
  readonly keyId: string;
  readonly publicKey: string;
  sign(text: string): DetachedSignature;
}

export function signingKey(secret: string): TestKey {
  const key = privateKeyOf('ed25519', secret);
  const publicKey = rawPublicOf(key);
  const keyId = fingerprintOf(publicKey);
  return {
    keyId,
    publicKey,
    sign: (text) => ({ alg: 'Ed25519', kid: keyId, sig: sign(null, Buffer.from(text), key).toString('base64') }),
  };
}

export function namedKey(name: string): TestKey {
  return signingKey(Buffer.from(namedChance(`key ${name}`).bytes(32)).toString('base64'));
}

export const ROOT_KEY = signingKey(TEST_ROOT.secrets[0] ?? '');

export function delegationOf(content: DelegationContent, by: TestKey = ROOT_KEY): Delegation {
  const body = JSON.stringify(content);
  return { body, signatures: [by.sign(delegationText(body))] };
}

export function allow(key: TestKey, channels: readonly Channel[], version = 1): Delegation {
  const { keyId, publicKey } = key;
  return delegationOf({ version, keys: [{ keyId, publicKey, channels: [...channels] }] });
}

export function documentOf(
  key: TestKey,
  channel: Channel,
  version: number,
  content: unknown,
  hardExpiresMs?: number,
): SignedDocument {
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  const sha256 = createHash('sha256').update(body).digest('hex');
  const named = { channel, version, ...(hardExpiresMs === undefined ? {} : { hardExpiresMs }) };
  return { ...named, body, signatures: [key.sign(documentText(named, sha256))] };
}

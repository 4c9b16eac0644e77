/** The keys of whoever publishes, as files on their own machine: one that signs documents, and the offline root that allows it. */
import { createHash, sign } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { parse } from '../../contract/check.ts';
import type { Chance } from '../../contract/clock.ts';
import { documentText, type DetachedSignature, type SignedDocument } from '../../contract/document.schema.ts';
import { PlatformKeys, PublicKey } from '../../contract/enrolment.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { RAW_KEY_BYTES } from '../../contract/raw-key.ts';
import { fingerprintOf, privateKeyOf, rawPublicOf } from '../../platform/trust/raw-keys.ts';

/** Raw Ed25519, base64: a secret has the length of a public key. */
const KeyFile = Type.Object({ secret: PublicKey }, { additionalProperties: false });
/** As the platform wrote it beside its keys when it made them (`platform/trust/key-file.system.ts`). */
const RootFile = Type.Object(
  { root: PlatformKeys.properties.root, secrets: Type.Array(PublicKey, { minItems: 1 }) },
  { additionalProperties: false },
);

export interface SigningKey {
  readonly keyId: string;
  readonly publicKey: string;
  sign(text: string): DetachedSignature;
}

export interface RootKeys {
  readonly root: PlatformKeys['root'];
  readonly keys: readonly SigningKey[];
}

export function openSigningKey(path: string): Result<SigningKey> {
  const file = readChecked(KeyFile, path);
  return file.ok ? ok(signingKeyOf(file.value.secret)) : file;
}

/** Opens the key, and makes one where there is none, for its owner's eyes only. */
export function openOrMakeSigningKey(path: string, chance: Chance): Result<SigningKey> {
  if (!existsSync(path)) {
    const secret = Buffer.from(chance.bytes(RAW_KEY_BYTES)).toString('base64');
    writeFileSync(path, `${JSON.stringify({ secret })}\n`, { mode: 0o600, flag: 'wx', flush: true });
  }
  return openSigningKey(path);
}

export function openRootKeys(path: string): Result<RootKeys> {
  const file = readChecked(RootFile, path);
  return file.ok ? ok({ root: file.value.root, keys: file.value.secrets.map(signingKeyOf) }) : file;
}

export function signDocument(key: SigningKey, document: Omit<SignedDocument, 'signatures'>): SignedDocument {
  const sha256 = createHash('sha256').update(document.body, 'utf8').digest('hex');
  return { ...document, signatures: [key.sign(documentText(document, sha256))] };
}

function signingKeyOf(secret: string): SigningKey {
  const key = privateKeyOf('ed25519', secret);
  const publicKey = rawPublicOf(key);
  const keyId = fingerprintOf(publicKey);
  return {
    keyId,
    publicKey,
    sign: (text) => ({
      alg: 'Ed25519',
      kid: keyId,
      sig: sign(null, Buffer.from(text, 'utf8'), key).toString('base64'),
    }),
  };
}

function readChecked<Schema extends Type.TSchema>(schema: Schema, path: string): Result<Static<Schema>> {
  try {
    const content = parse(schema, JSON.parse(readFileSync(path, 'utf8')), 'kiosk.badConfig');
    return content.ok ? content : fail('kiosk.badConfig', `${path} is no such key file`); // and says nothing of what is in it
  } catch {
    return fail('kiosk.badConfig', `${path} cannot be read`);
  }
}

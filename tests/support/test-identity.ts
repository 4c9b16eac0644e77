/** Keys for tests: the same every time, for any number of terminals, and a platform that knows them without an enrolment. */
import { createHash } from 'node:crypto';
import type { Chance } from '../../contract/clock.ts';
import { systemChance } from '../../contract/clock.system.ts';
import type { EnrolledTerminal } from '../../contract/enrolment.schema.ts';
import type { SignatureAlgorithm } from '../../contract/http-signature.ts';
import { nodeCrypto } from '../../engine/trust/node-crypto.ts';
import type { IdentityRecord } from '../../engine/trust/identity-file.system.ts';
import { signRequest } from '../../engine/trust/request-signer.ts';
import { createIdentity, type TerminalIdentity } from '../../engine/trust/terminal-identity.ts';
import { createKeyring, makeKeyring, makeRoot, type SavedKeyring } from '../../platform/trust/keyring.ts';

/** Bytes that follow from the name and from nothing else. */
export function namedChance(name: string): Chance {
  let count = 0;
  return {
    bytes(length) {
      const blocks: Buffer[] = [];
      while (blocks.length * 32 < length) blocks.push(createHash('sha256').update(`${name} ${count++}`).digest());
      return Buffer.concat(blocks).subarray(0, length);
    },
  };
}

export const TEST_ROOT = makeRoot(namedChance('root'), 1, 1);
/** For `startPlatform({ keys })`, or as the file behind `--keys`. */
export const TEST_PLATFORM_KEYS: SavedKeyring = makeKeyring(namedChance('platform'), TEST_ROOT.root);
export const TEST_PLATFORM_KEYRING = createKeyring(TEST_PLATFORM_KEYS);

export interface TestTerminal {
  readonly identity: TerminalIdentity;
  /** For `startPlatform({ terminals })`, or an entry of the file behind `--terminals`. */
  readonly enrolled: EnrolledTerminal;
  /** What stands in its identity file. */
  readonly record: IdentityRecord;
}

export async function testTerminal(id: string): Promise<TestTerminal> {
  const keys = nodeCrypto.makeKeys(namedChance(`terminal ${id}`));
  const platform = TEST_PLATFORM_KEYRING.public;
  return {
    identity: await createIdentity({ terminal: id, keys, platform, provider: nodeCrypto }),
    enrolled: { id, station: 'demo-village', keys: keys.publicKeys },
    record: {
      suite: nodeCrypto.suite,
      keys: keys.saved,
      enrolled: { terminal: id, platform, keysSinceMs: Date.UTC(2026, 0, 5) },
    },
  };
}

/** Batches and keys are signed with the terminal's own key, all else with the agreed one. */
export function algorithmFor(path: string): SignatureAlgorithm {
  return /\/(?:batches|keys)$/.test(path) ? 'ed25519' : 'hmac-sha256';
}

/** The header fields of a signed request. `path` as it is sent, from `/v1` on. */
export async function signedHeaders(
  identity: TerminalIdentity,
  request: { readonly method?: string; readonly path: string; readonly body: string },
  { chance = systemChance, nowMs, alg = algorithmFor(request.path) }: SigningChoices,
): Promise<Record<string, string>> {
  const signing =
    alg === 'ed25519'
      ? { alg, keyId: identity.signingKeyId, sign: (text: string) => identity.sign(text) }
      : { alg, keyId: identity.requestKeyId, sign: (text: string) => identity.mac(text) };
  const parts = { method: request.method ?? 'POST', path: request.path, body: Buffer.from(request.body) };
  const { headers } = await signRequest(parts, signing, { provider: identity.provider, chance, nowMs });
  return { ...headers, 'content-type': 'application/json' };
}

export interface SigningChoices {
  readonly nowMs: number;
  readonly chance?: Chance;
  readonly alg?: SignatureAlgorithm;
}

export async function testIdentity(id: string): Promise<TerminalIdentity> {
  return (await testTerminal(id)).identity;
}

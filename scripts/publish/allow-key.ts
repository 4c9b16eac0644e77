/** The root's word on a key: it may sign these channels, beside what the root has said of other keys. */
import { readDelegation } from '../../contract/document-trust.ts';
import { delegationText, type Channel, type DelegationContent } from '../../contract/document.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { nodeCrypto } from '../../engine/trust/node-crypto.ts';
import type { ErrandSurroundings } from '../errands/errand.ts';
import type { PlatformDesk } from './platform-desk.ts';
import { openOrMakeSigningKey, openRootKeys, type RootKeys, type SigningKey } from './signing-key.ts';

export interface Allowance {
  readonly channels: readonly Channel[];
  /** Path of the key, which is made where there is none. */
  readonly key: string;
  /** Path of the offline root. */
  readonly root: string;
  readonly isDryRun: boolean;
}

export async function allowKey(
  desk: PlatformDesk,
  { chance, say }: ErrandSurroundings,
  { channels, key: keyPath, root: rootPath, isDryRun }: Allowance,
): Promise<Result<string>> {
  const root = openRootKeys(rootPath);
  if (!root.ok) return root;
  const before = await readBefore(desk, root.value, rootPath);
  if (!before.ok) return before;
  const list = channels.join(', ');
  if (isDryRun) return ok(`The key in ${keyPath} would sign ${list}. Nothing was changed.`);
  const key = openOrMakeSigningKey(keyPath, chance);
  if (!key.ok) return key;
  const content = allowing(before.value, key.value, channels);
  const body = JSON.stringify(content);
  const text = delegationText(body);
  const taken = await desk.delegate({ body, signatures: root.value.keys.map((one) => one.sign(text)) });
  if (!taken.ok) return taken;
  for (const one of content.keys) say(`  ${one.keyId}: ${one.channels.join(', ')}`);
  return ok(`The key ${key.value.keyId} in ${keyPath} may sign ${list}.`);
}

/** What the root has said up to now; a word that is not this root's is another platform's. */
async function readBefore(
  desk: PlatformDesk,
  { root }: RootKeys,
  rootPath: string,
): Promise<Result<DelegationContent>> {
  const known = await desk.delegation();
  if (!known.ok) return known;
  if (!known.value) return ok({ version: 0, keys: [] });
  const content = readDelegation(known.value, root, isGood);
  return content ? ok(content) : fail('publication.refused', `${rootPath} is not this platform’s root`);
}

function allowing(
  { version, keys }: DelegationContent,
  { keyId, publicKey }: SigningKey,
  channels: readonly Channel[],
): DelegationContent {
  const others = keys.filter((one) => one.keyId !== keyId);
  return { version: version + 1, keys: [...others, { keyId, publicKey, channels: [...channels] }] };
}

function isGood(publicKey: string, text: string, signature: string): boolean {
  return nodeCrypto.verify(publicKey, Buffer.from(text, 'utf8'), Buffer.from(signature, 'base64'));
}

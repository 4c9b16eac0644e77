/** Who may have signed what, for both sides. Pure: `isGood` checks one signature with a key (raw, base64) over a text. */
import { parse } from './check.ts';
import {
  DelegationContent,
  delegationText,
  documentText,
  type Delegation,
  type DetachedSignature,
  type SignedDocument,
} from './document.schema.ts';
import type { PlatformKeys } from './enrolment.schema.ts';

export type CheckSignature = (publicKey: string, text: string, signature: string) => boolean;

/** What the delegation says, when enough keys of the root have signed it. */
export function readDelegation(
  { body, signatures }: Delegation,
  root: PlatformKeys['root'],
  isGood: CheckSignature,
): DelegationContent | undefined {
  const text = delegationText(body);
  const signers = root.keys.filter(({ keyId, publicKey }) => isSignedBy(signatures, keyId, publicKey, text, isGood));
  if (signers.length < root.threshold) return undefined;
  const content = parse(DelegationContent, parseJson(body));
  return content.ok ? content.value : undefined;
}

/** Whether a key that may sign the document's channel has signed it. `sha256` is of its body. */
export function isDocumentSigned(
  document: Omit<SignedDocument, 'body'>,
  sha256: string,
  { keys }: DelegationContent,
  isGood: CheckSignature,
): boolean {
  const text = documentText(document, sha256);
  return keys.some(
    ({ keyId, publicKey, channels }) =>
      channels.includes(document.channel) && isSignedBy(document.signatures, keyId, publicKey, text, isGood),
  );
}

function isSignedBy(
  signatures: readonly DetachedSignature[],
  keyId: string,
  publicKey: string,
  text: string,
  isGood: CheckSignature,
): boolean {
  return signatures.some(({ kid, sig }) => kid === keyId && isGood(publicKey, text, sig));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it
  }
}

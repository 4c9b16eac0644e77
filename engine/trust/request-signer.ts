/** Puts the signature on a request (RFC 9421, our profile), at platform time as far as it is known. */
import type { Chance } from '../../contract/clock.ts';
import {
  contentDigest,
  requestBase,
  SIGNED_COMPONENTS,
  signatureHeaders,
  signatureParametersText,
  type SignatureAlgorithm,
} from '../../contract/http-signature.ts';
import type { CryptoProvider } from './crypto-provider.ts';

const NONCE_BYTES = 16;

export interface RequestParts {
  readonly method: string;
  /** As it is sent, without the query. */
  readonly path: string;
  readonly body: Uint8Array;
}

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly nonce: string;
}

export interface Signing {
  readonly alg: SignatureAlgorithm;
  readonly keyId: string;
  /** Base64. */
  sign(text: string): string | Promise<string>;
}

export interface SigningSurroundings {
  readonly provider: CryptoProvider;
  readonly chance: Chance;
  /** Platform wall time as well as it is known. */
  readonly nowMs: number;
}

export async function signRequest(
  request: RequestParts,
  signing: Signing,
  { provider, chance, nowMs }: SigningSurroundings,
): Promise<SignedRequest> {
  const digest = contentDigest(Buffer.from(provider.digest(request.body)).toString('base64'));
  const nonce = Buffer.from(chance.bytes(NONCE_BYTES)).toString('base64url');
  const { alg, keyId } = signing;
  const text = signatureParametersText(SIGNED_COMPONENTS, { createdS: Math.floor(nowMs / 1_000), nonce, alg, keyId });
  const signature = await signing.sign(requestBase({ ...request, contentDigest: digest }, text));
  return { headers: { 'content-digest': digest, ...signatureHeaders(text, signature) }, nonce };
}

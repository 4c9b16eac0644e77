/** Who sent this request, and may they: RFC 9421 in our profile (`contract/http-signature.ts`). Costs a few microseconds. */
import { createHmac, hash, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { readKeyId, type RequestKeyId } from '../../contract/enrolment.ts';
import {
  contentDigest,
  coversRequest,
  readSignature,
  refusalText,
  requestBase,
  SIGNATURE_WINDOW_MS,
  type ReadSignature,
  type SignatureAlgorithm,
} from '../../contract/http-signature.ts';
import type { KnownTerminalKey } from './terminal-keys.ts';
import type { Trust } from './trust.ts';

const verifySoon = promisify(verify);

export interface IncomingRequest {
  readonly method: string;
  /** As it came; what stands behind a question mark is not signed and not looked at. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface SignedBy {
  readonly terminal: string;
  readonly fingerprint: string;
  readonly alg: SignatureAlgorithm;
}

export interface Refusal {
  readonly status: 401 | 403 | 503;
  readonly code: string;
  readonly message: string;
  readonly nowMs?: number;
  /** HMAC over `refusalText`, base64: only where the request itself was good. */
  readonly proof?: string;
}

export type Verdict =
  { readonly kind: 'good'; readonly by: SignedBy } | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Everything but the body, of which only the digest is signed: compare it with `isBodyOf`. At once for a key both sides agreed
 * on that is remembered, as in every heartbeat; a terminal's own signature is checked beside the thread that serves,
 * because it costs far more. The promise rejects when the database cannot be read now.
 */
export function verifyRequest(trust: Trust, request: IncomingRequest): Verdict | Promise<Verdict> {
  const written = readSignature(headerOf(request, 'signature-input'), headerOf(request, 'signature'));
  if (!written) return refuse(401, 'signature.missing', 'This request carries no signature of a terminal.');
  const keyId = readKeyId(written.keyId);
  if (!keyId) return wrong();
  const known = trust.terminals.remembered(keyId);
  if (known) return verifyWith(trust, known, { keyId, written, request });
  return trust.terminals
    .find(keyId)
    .then((found) => (found ? verifyWith(trust, found, { keyId, written, request }) : wrong()));
}

interface Asking {
  readonly keyId: RequestKeyId;
  readonly written: ReadSignature;
  readonly request: IncomingRequest;
}

function verifyWith(trust: Trust, known: KnownTerminalKey, asking: Asking): Verdict | Promise<Verdict> {
  const { keyId, written, request } = asking;
  const nowMs = trust.clock.wallMs();
  const hasEnded = known.endsMs !== undefined && nowMs > known.endsMs;
  if (hasEnded || !isInProfile(keyId, written)) return wrong();
  const end = (isGood: boolean): Verdict => (isGood ? judge(trust, { known, keyId, written, nowMs }) : wrong());
  if (keyId.platformKey !== undefined) {
    const mac = known.requestMac(keyId.platformKey);
    return end(mac !== undefined && mac.isOf(baseOf(written, request), written.signature));
  }
  return isSignedWith(known.signingKey, written, request).then(end);
}

interface Proven {
  readonly known: KnownTerminalKey;
  readonly keyId: RequestKeyId;
  readonly written: ReadSignature;
  readonly nowMs: number;
}

/** It is the terminal; whether it may speak, and did not say this before. */
function judge(trust: Trust, { known, keyId, written, nowMs }: Proven): Verdict {
  const prove = proverOf(known, keyId, trust, written.nonce, nowMs);
  if (known.isSuspended) return prove(403, 'terminal.suspended', 'This terminal is suspended.');
  const createdMs = written.createdS * 1_000;
  if (Math.abs(createdMs - nowMs) > SIGNATURE_WINDOW_MS)
    return prove(401, 'clock.skewed', 'The time of the signature is too far from the platform’s.');
  switch (trust.nonces.take(written.keyId, written.nonce, createdMs, nowMs)) {
    case 'seen':
      return refuse(401, 'signature.replayed', 'This very request came before.');
    case 'full':
      return refuse(503, 'busy', 'Too many requests at this moment.');
    case 'new':
      return { kind: 'good', by: { terminal: known.terminal, fingerprint: known.fingerprint, alg: algOf(keyId) } };
  }
}

/** Whether a header `Content-Digest` is that of these bytes. */
export function isBodyOf(header: string | undefined, body: Uint8Array): boolean {
  return header === contentDigest(hash('sha256', body, 'base64'));
}

/** The signature alone, with a key given by the caller: for a request whose key is not enrolled yet. */
export async function isSignedWith(key: KeyObject, written: ReadSignature, request: IncomingRequest): Promise<boolean> {
  if (!coversRequest(written) || written.alg !== 'ed25519') return false;
  return verifySoon(null, Buffer.from(baseOf(written, request)), key, Buffer.from(written.signature, 'base64'));
}

export function headerOf({ headers }: Pick<IncomingRequest, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

const NONCE = /^[A-Za-z0-9_-]{22,64}$/;

function isInProfile(keyId: RequestKeyId, written: ReadSignature): boolean {
  return written.alg === algOf(keyId) && NONCE.test(written.nonce) && coversRequest(written);
}

/** A keyid that names a key of the platform was agreed with it; one that does not is the terminal's own. */
function algOf({ platformKey }: RequestKeyId): SignatureAlgorithm {
  return platformKey === undefined ? 'ed25519' : 'hmac-sha256';
}

function baseOf({ parametersText }: ReadSignature, request: IncomingRequest): string {
  const [path = ''] = request.url.split('?', 1);
  const digest = headerOf(request, 'content-digest') ?? '';
  return requestBase({ method: request.method, path, contentDigest: digest }, parametersText);
}

type Refuse = (status: Refusal['status'], code: string, message: string) => Verdict;

const refuse: Refuse = (status, code, message) => ({ kind: 'refused', refusal: { status, code, message } });

/** One answer for an unknown terminal, an unknown key and a wrong signature: who asks learns nothing. */
const wrong = (): Verdict => refuse(401, 'signature.wrong', 'The signature is not that of an enrolled terminal.');

function proverOf(known: KnownTerminalKey, keyId: RequestKeyId, trust: Trust, nonce: string, nowMs: number): Refuse {
  return (status, code, message) => {
    const key = known.requestKey(keyId.platformKey ?? trust.keyring.public.agreement.keyId);
    const proof = key && createHmac('sha256', key).update(refusalText({ code, nonce, nowMs }), 'utf8').digest('base64');
    return { kind: 'refused', refusal: { status, code, message, nowMs, ...(proof === undefined ? {} : { proof }) } };
  };
}

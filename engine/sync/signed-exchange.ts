/** One signed call to the platform, and whether a refusal is truly the platform's word to this very request. */
import { parse } from '../../contract/check.ts';
import type { Chance, Clock } from '../../contract/clock.ts';
import { refusalText, type SignatureAlgorithm } from '../../contract/http-signature.ts';
import { ok, type Result } from '../../contract/outcome.schema.ts';
import { PlatformError } from '../../contract/platform-api.schema.ts';
import { signRequest } from '../trust/request-signer.ts';
import type { TerminalIdentity } from '../trust/terminal-identity.ts';
import { exchange, type ExchangeAnswer, type Fetch } from './http-exchange.ts';

export interface SignedCall {
  /** Without the platform's address: `/v1/terminals/...`. */
  readonly path: string;
  /** POST with a body and GET without, unless told. */
  readonly method?: 'GET' | 'HEAD' | 'PATCH' | 'POST';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as they are, with the content type in `headers`; instead of a body. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** Not covered by the signature. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
  readonly answerLimitBytes?: number;
  /** `ed25519` for what must be evidence later, `hmac-sha256` for the rest. */
  readonly alg: SignatureAlgorithm;
}

export interface SignedAnswer extends ExchangeAnswer {
  /** Why it was refused; `proof` when only the platform can have said it. */
  readonly refusal?: { readonly code: string; readonly nowMs?: number; readonly isProven: boolean };
}

export interface SignedExchangeOptions {
  readonly baseUrl: string;
  readonly identity: TerminalIdentity;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly fetch: Fetch;
  /** Platform wall time as well as it is known. */
  readonly nowMs: () => number;
}

const NO_BODY = new Uint8Array(0);

export async function exchangeSigned(options: SignedExchangeOptions, call: SignedCall): Promise<Result<SignedAnswer>> {
  const { baseUrl, identity, clock, chance, fetch } = options;
  const { path, deadlineMs } = call;
  const json = call.body === undefined ? NO_BODY : Buffer.from(JSON.stringify(call.body), 'utf8');
  const { bytes: body = json, method = body === NO_BODY ? 'GET' : 'POST' } = call;
  const signing =
    call.alg === 'ed25519'
      ? { alg: call.alg, keyId: identity.signingKeyId, sign: (text: string) => identity.sign(text) }
      : { alg: call.alg, keyId: identity.requestKeyId, sign: (text: string) => identity.mac(text) };
  const { provider } = identity;
  const signed = await signRequest({ method, path, body }, signing, { provider, chance, nowMs: options.nowMs() });
  const content = body === NO_BODY ? {} : { body };
  const answer = await exchange(fetch, clock, {
    url: `${baseUrl}${path}`,
    method,
    headers: { ...call.headers, ...signed.headers },
    ...content,
    deadlineMs,
    ...(call.answerLimitBytes === undefined ? {} : { answerLimitBytes: call.answerLimitBytes }),
  });
  return answer.ok ? ok({ ...answer.value, ...refusalOf(identity, signed.nonce, answer.value) }) : answer;
}

function refusalOf(
  identity: TerminalIdentity,
  nonce: string,
  { status, body }: ExchangeAnswer,
): Pick<SignedAnswer, 'refusal'> {
  if (status !== 401 && status !== 403) return {};
  const error = parse(PlatformError, body);
  if (!error.ok) return {};
  const { code, nowMs, proof } = error.value;
  if (nowMs === undefined) return { refusal: { code, isProven: false } };
  return { refusal: { code, nowMs, isProven: proof === identity.mac(refusalText({ code, nonce, nowMs })) } };
}

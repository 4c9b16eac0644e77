/** One call with a deadline that covers the answer's last byte. JSON both ways. Anything that is not an HTTP answer is `offline`. */
import type { Clock } from '../../contract/clock.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ExchangeRequest {
  readonly url: string;
  /** Beside the content type. */
  readonly headers: Readonly<Record<string, string>>;
  /** POST with a body and GET without, unless told. */
  readonly method?: 'GET' | 'HEAD' | 'PATCH' | 'POST';
  /** JSON, unless the headers say another content type. */
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly deadlineMs: number;
  /** Of the answer; 256 kB unless told. */
  readonly answerLimitBytes?: number;
}

export interface ExchangeAnswer {
  readonly status: number;
  /** Parsed JSON; undefined when the body was not JSON. Not checked yet. */
  readonly body: unknown;
  readonly retryAfterMs: number | undefined;
  readonly headers: Headers;
}

/** The largest answer of the contract (500 parked records) is far smaller. */
const ANSWER_LIMIT_BYTES = 256 * 1024;
/** A longer one is a mistake that would silence the terminal. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** Never rejects for what the network does. `platform.badAnswer` when the body is too large. */
export async function exchange(fetch: Fetch, clock: Clock, request: ExchangeRequest): Promise<Result<ExchangeAnswer>> {
  const abort = new AbortController();
  let late: (result: Result<never>) => void = () => undefined;
  const deadline = new Promise<Result<never>>((resolve) => {
    late = resolve;
  });
  const timer = clock.after(request.deadlineMs, () => {
    late(fail('platform.offline', `no answer in ${request.deadlineMs} ms`));
    abort.abort();
  });
  try {
    return await Promise.race([deadline, attempt(fetch, clock, request, abort.signal)]);
  } finally {
    clock.cancel(timer);
    abort.abort();
  }
}

async function attempt(
  fetch: Fetch,
  clock: Clock,
  { url, headers, body, method = body ? 'POST' : 'GET', answerLimitBytes = ANSWER_LIMIT_BYTES }: ExchangeRequest,
  signal: AbortSignal,
): Promise<Result<ExchangeAnswer>> {
  const content = body && { body };
  try {
    const response = await fetch(url, {
      method,
      headers: body ? { 'content-type': 'application/json', ...headers } : headers,
      ...content,
      signal,
      // A redirect is a hotel's log-in page, not the platform; what we say is not for it.
      redirect: 'error',
    });
    const text = await readLimited(response, answerLimitBytes);
    if (text === undefined) return fail('platform.badAnswer', 'the answer is too large');
    const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), clock.wallMs());
    return ok({ status: response.status, body: parseJson(text), retryAfterMs, headers: response.headers });
  } catch (error) {
    return fail('platform.offline', causeOf(error));
  }
}

/** Undefined when it is too large; the rest is not waited for, because the caller's abort ends it. */
async function readLimited(response: Response, limitBytes: number): Promise<string | undefined> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let lengthBytes = 0;
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    lengthBytes += read.value.byteLength;
    if (lengthBytes > limitBytes) return undefined;
    chunks.push(read.value);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Seconds, or an HTTP date (RFC 9110 10.2.3). */
function readRetryAfter(header: string | null, wallMs: number): number | undefined {
  if (header === null) return undefined;
  const delayMs = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - wallMs;
  return Number.isFinite(delayMs) ? Math.min(Math.max(0, delayMs), LONGEST_RETRY_AFTER_MS) : undefined;
}

/** `ECONNREFUSED` and the like; fetch hides it one level down. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.name : 'network error';
}

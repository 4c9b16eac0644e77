/**
 * The first meeting with the platform (money-and-sync 4.1): fresh keys, proven with the code a technician was given, without
 * ever sending the code. The answer must prove that it comes from who made the code; then its keys are believed for good.
 */
import { parse } from '../../contract/check.ts';
import type { Chance, Clock } from '../../contract/clock.ts';
import { CODE_ID_INFO, CODE_KEY_INFO, enrolledText, enrolmentText, readCode } from '../../contract/enrolment.ts';
import { EnrolReply, type EnrolRequest } from '../../contract/enrolment.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { PlatformError } from '../../contract/platform-api.schema.ts';
import { exchange, type ExchangeAnswer, type Fetch } from '../sync/http-exchange.ts';
import type { CryptoProvider, KeyPair } from './crypto-provider.ts';
import type { IdentityRecord, IdentityStore } from './identity-file.system.ts';
import { signRequest } from './request-signer.ts';
import { createIdentity, fingerprintOf, type TerminalIdentity } from './terminal-identity.ts';

const PATH = '/v1/enrol';
const DEADLINE_MS = 10_000;

export interface EnrolmentOptions {
  readonly store: IdentityStore;
  readonly provider: CryptoProvider;
  readonly chance: Chance;
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly baseUrl: string;
  readonly station: string;
  /** As it was typed; undefined when nobody gave one. */
  readonly code: string | undefined;
}

/**
 * The identity as it lies on disk, or a new one. Problems: `trust.notEnrolled` (no identity and no code), `trust.codeRefused`
 * (detail: why), `trust.notThePlatform` (the answer does not prove the code), and those of a call.
 */
export async function openIdentity(options: EnrolmentOptions): Promise<Result<TerminalIdentity>> {
  const { store, provider, chance } = options;
  const read = store.read();
  if (!read.ok) return read;
  if (read.value?.enrolled) return ok(await identityOf(read.value, provider));
  const code = options.code === undefined ? undefined : readCode(options.code);
  if (code === undefined) {
    const isGiven = options.code !== undefined;
    return isGiven ? fail('trust.codeRefused', 'not a code of twelve characters') : fail('trust.notEnrolled');
  }
  const keys = read.value ? provider.loadKeys(read.value.keys) : provider.makeKeys(chance);
  const record = { suite: provider.suite, keys: keys.saved };
  const kept = store.write(record);
  if (!kept.ok) return kept;
  const reply = await ask(options, keys, code);
  if (!reply.ok) return reply;
  const { terminal, platform, nowMs } = reply.value;
  const enrolled: IdentityRecord = { ...record, enrolled: { terminal, platform, keysSinceMs: nowMs } };
  const written = store.write(enrolled);
  if (!written.ok) return written;
  return ok(await identityOf(enrolled, provider));
}

async function identityOf(record: IdentityRecord, provider: CryptoProvider): Promise<TerminalIdentity> {
  if (!record.enrolled) throw new Error('an identity is enrolled');
  const { terminal, platform } = record.enrolled;
  return createIdentity({ terminal, platform, provider, keys: provider.loadKeys(record.keys) });
}

async function ask(options: EnrolmentOptions, keys: KeyPair, code: string): Promise<Result<EnrolReply>> {
  const { provider, chance, clock, fetch, baseUrl, station } = options;
  const secret = Buffer.from(code, 'utf8');
  const codeKey = provider.derive(secret, CODE_KEY_INFO);
  const codeId = Buffer.from(provider.derive(secret, CODE_ID_INFO)).toString('hex').slice(0, 16);
  const told = { station, codeId, keys: keys.publicKeys };
  const request: EnrolRequest = { ...told, proof: macOf(provider, codeKey, enrolmentText(told)) };
  const body = Buffer.from(JSON.stringify(request));
  const { headers } = await signRequest(
    { method: 'POST', path: PATH, body },
    {
      alg: 'ed25519',
      keyId: fingerprintOf(provider, keys.publicKeys),
      sign: async (text) => Buffer.from(await keys.sign(Buffer.from(text))).toString('base64'),
    },
    { provider, chance, nowMs: clock.wallMs() },
  );
  const answer = await exchange(fetch, clock, { url: `${baseUrl}${PATH}`, headers, body, deadlineMs: DEADLINE_MS });
  const reply = understand(answer);
  if (!reply.ok) return reply;
  const isTheirs = reply.value.proof === macOf(provider, codeKey, enrolledText(reply.value, keys.publicKeys));
  return isTheirs ? reply : fail('trust.notThePlatform');
}

function understand(answer: Result<ExchangeAnswer>): Result<EnrolReply> {
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  if (status === 200) return parse(EnrolReply, body, 'platform.badAnswer');
  const error = parse(PlatformError, body);
  const isAboutCode = error.ok && error.value.code.startsWith('enrol.');
  if (isAboutCode) return fail('trust.codeRefused', `${error.value.code}: ${error.value.message}`);
  if (status >= 500 || status === 429) return fail('platform.offline', `http ${status}`);
  return fail('platform.refused', error.ok ? `${status} ${error.value.code}` : `${status}`);
}

function macOf(provider: CryptoProvider, key: Uint8Array, text: string): string {
  return Buffer.from(provider.mac(key, text)).toString('base64');
}

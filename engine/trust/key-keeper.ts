/**
 * Changes the terminal's keys when they are old or when staff ask (money-and-sync 4.1). The new pair is on disk before the
 * platform hears of it, and the old one is good for a week beside it: wherever the power fails, one of the two is known.
 */
import type { Chance, Clock, TimerHandle } from '../../contract/clock.ts';
import { parse } from '../../contract/check.ts';
import { rotatedText, rotationText } from '../../contract/enrolment.ts';
import { KeyRotationReply, type KeyRotationRequest } from '../../contract/enrolment.schema.ts';
import { fail, ok, problem, type Problem, type Result } from '../../contract/outcome.schema.ts';
import type { Fetch } from '../sync/http-exchange.ts';
import { exchangeSigned, type SignedAnswer } from '../sync/signed-exchange.ts';
import type { KeyPair } from './crypto-provider.ts';
import type { IdentityRecord, IdentityStore } from './identity-file.system.ts';
import { createIdentity, type TerminalIdentity } from './terminal-identity.ts';

/** Two thirds of ninety days. */
const OLD_MS = 60 * 24 * 3_600_000;
const LOOK_EVERY_MS = 6 * 3_600_000;
const DEADLINE_MS = 10_000;

export interface KeyKeeperOptions {
  readonly store: IdentityStore;
  readonly identity: ChangingIdentity;
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly fetch: Fetch;
  /** Platform wall time as well as it is known. */
  readonly nowMs: () => number;
  readonly onProblem?: (problem: Problem) => void;
}

export interface KeyKeeper {
  start(): void;
  stop(): void;
  /** Problems: `trust.notThePlatform`, those of a call, and of the disk: then the old keys stay. */
  rotate(): Promise<Result<undefined>>;
}

/** An identity whose keys may be others from one call to the next. */
export interface ChangingIdentity extends TerminalIdentity {
  become(next: TerminalIdentity): void;
}

export function changingIdentity(first: TerminalIdentity): ChangingIdentity {
  let current = first;
  return {
    get terminal() {
      return current.terminal;
    },
    get fingerprint() {
      return current.fingerprint;
    },
    get signingKeyId() {
      return current.signingKeyId;
    },
    get requestKeyId() {
      return current.requestKeyId;
    },
    get platform() {
      return current.platform;
    },
    get provider() {
      return current.provider;
    },
    sign: (text) => current.sign(text),
    mac: (text) => current.mac(text),
    become(next) {
      current = next;
    },
  };
}

export function createKeyKeeper(options: KeyKeeperOptions): KeyKeeper {
  const { store, clock, nowMs } = options;
  let timer: TimerHandle | undefined;
  let rotating: Promise<Result<undefined>> | undefined;

  function isDue(): boolean {
    const record = store.read();
    if (!record.ok || !record.value?.enrolled) return false;
    return record.value.next !== undefined || nowMs() - record.value.enrolled.keysSinceMs > OLD_MS;
  }
  function rotate(): Promise<Result<undefined>> {
    rotating ??= rotateOnce(options).finally(() => {
      rotating = undefined;
    });
    return rotating;
  }
  async function look(): Promise<void> {
    timer = clock.after(LOOK_EVERY_MS, () => void look());
    if (!isDue()) return;
    const rotated = await rotate();
    if (!rotated.ok) options.onProblem?.(rotated.problem);
  }
  return {
    start: () => void look(),
    stop() {
      if (timer) clock.cancel(timer);
    },
    rotate,
  };
}

async function rotateOnce(options: KeyKeeperOptions): Promise<Result<undefined>> {
  const { store, identity, chance } = options;
  const { provider } = identity;
  const read = store.read();
  if (!read.ok) return read;
  const record = read.value;
  if (!record?.enrolled) return fail('trust.notEnrolled');
  const keys = record.next ? provider.loadKeys(record.next) : provider.makeKeys(chance);
  const kept = store.write({ ...record, next: keys.saved });
  if (!kept.ok) return kept;
  const next = await createIdentity({ ...record.enrolled, keys, provider });
  const first = await ask(options, identity, keys);
  // The change was taken earlier, its answer was lost, and the old keys have ended since.
  const isOver = !first.ok && first.problem.detail === '401 signature.wrong';
  const reply = isOver ? await ask(options, next, keys) : first;
  if (!reply.ok) return reply;
  const { platform, nowMs } = reply.value;
  const changed: IdentityRecord = {
    suite: record.suite,
    keys: keys.saved,
    enrolled: { ...record.enrolled, platform, keysSinceMs: nowMs },
  };
  const written = store.write(changed);
  if (!written.ok) return written;
  identity.become(await createIdentity({ terminal: identity.terminal, keys, platform, provider }));
  return ok(undefined);
}

async function ask(
  options: KeyKeeperOptions,
  sender: TerminalIdentity,
  keys: KeyPair,
): Promise<Result<KeyRotationReply>> {
  const text = rotationText(sender.terminal, sender.fingerprint, keys.publicKeys);
  const proof = Buffer.from(await keys.sign(Buffer.from(text, 'utf8'))).toString('base64');
  const body: KeyRotationRequest = { keys: keys.publicKeys, proof };
  const path = `/v1/terminals/${encodeURIComponent(sender.terminal)}/keys`;
  const call = { path, body, deadlineMs: DEADLINE_MS, alg: 'ed25519' } as const;
  const answer = await exchangeSigned({ ...options, identity: sender }, call);
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return { ok: false, problem: refusalOf(answer.value) };
  const reply = parse(KeyRotationReply, answer.value.body, 'platform.badAnswer');
  if (!reply.ok) return reply;
  const told = Buffer.from(rotatedText(sender.terminal, keys.publicKeys, reply.value), 'utf8');
  const { publicKey } = sender.platform.signing;
  const isTheirs = sender.provider.verify(publicKey, told, Buffer.from(reply.value.proof, 'base64'));
  return isTheirs ? reply : fail('trust.notThePlatform');
}

function refusalOf({ status, refusal }: SignedAnswer): Problem {
  if (status >= 500 || status === 429) return problem('platform.offline', `http ${status}`);
  return problem('platform.refused', refusal ? `${status} ${refusal.code}` : `${status}`);
}

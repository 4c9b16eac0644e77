/**
 * Codes, enrolments and changes of keys (money-and-sync 4.1), each decided and written in one commit. A code is for one
 * terminal at one station, good once and for 72 hours; five wrong ones at a station close its enrolment for a quarter of an
 * hour.
 */
import { createHmac, timingSafeEqual, verify } from 'node:crypto';
import {
  CODE_DIGITS,
  CODE_ID_INFO,
  CODE_KEY_INFO,
  CODE_LENGTH,
  CODE_LIFE_MS,
  enrolledText,
  enrolmentText,
  rotatedText,
  rotationText,
  writeCode,
} from '../../contract/enrolment.ts';
import type {
  EnrolledTerminal,
  EnrolReply,
  EnrolRequest,
  KeyRotationReply,
  KeyRotationRequest,
  NewTerminalReply,
  NewTerminalRequest,
  TerminalPublicKeys,
} from '../../contract/enrolment.schema.ts';
import type { Commit, PlatformDatabase } from '../database/tables.ts';
import { derive, pairFingerprint, publicKeyOf } from './raw-keys.ts';
import type { Trust } from './trust.ts';

const TRIES = 5;
const LOCK_MS = 15 * 60_000;
/** How long the older keys are good beside the new ones. */
const OVERLAP_MS = 7 * 24 * 3_600_000;

export type EnrolAnswer =
  | { readonly kind: 'enrolled'; readonly reply: EnrolReply }
  | { readonly kind: 'wrongCode' | 'usedCode' | 'expiredCode' }
  | { readonly kind: 'locked'; readonly untilMs: number };

/** A new code for a terminal, known or new. Its older codes are gone; its keys stay until the code is used. */
export async function createTerminalCode(
  database: PlatformDatabase,
  trust: Trust,
  { terminal, station }: NewTerminalRequest,
): Promise<NewTerminalReply> {
  const digits = Array.from(trust.chance.bytes(CODE_LENGTH), (byte) => CODE_DIGITS[byte % CODE_DIGITS.length]).join('');
  const expiresAtMs = trust.clock.wallMs() + CODE_LIFE_MS;
  const { codeId, codeKey } = deriveFrom(digits);
  await database.transaction().execute(async (commit) => {
    await commit
      .deleteFrom('enrolment_codes')
      .where('terminal_id', '=', terminal)
      .where('used_ms', 'is', null)
      .execute();
    await commit
      .insertInto('enrolment_codes')
      .values({
        ...{ terminal_id: terminal, code_id: codeId, code_key: codeKey.toString('base64'), station },
        ...{ expires_ms: expiresAtMs, used_ms: null, used_fingerprint: null },
      })
      .execute();
  });
  return { terminal, station, code: writeCode(digits), expiresAtMs };
}

/** The request's signature has been checked with the keys it brings. */
export async function enrol(database: PlatformDatabase, trust: Trust, request: EnrolRequest): Promise<EnrolAnswer> {
  const nowMs = trust.clock.wallMs();
  const answer = await database.transaction().execute(async (commit): Promise<EnrolAnswer> => {
    const tries = await readTries(commit, request.station);
    if (tries.locked_until_ms > nowMs) return { kind: 'locked', untilMs: tries.locked_until_ms };
    const row = await commit
      .selectFrom('enrolment_codes')
      .selectAll()
      .where('code_id', '=', request.codeId)
      .where('station', '=', request.station)
      .executeTakeFirst();
    const codeKey = Buffer.from(row?.code_key ?? '', 'base64');
    if (!row || !isMac(codeKey, enrolmentText(request), request.proof)) {
      const lockedUntilMs = await countFailure(commit, request.station, tries.failures, nowMs);
      return lockedUntilMs === 0 ? { kind: 'wrongCode' } : { kind: 'locked', untilMs: lockedUntilMs };
    }
    const fingerprint = pairFingerprint(request.keys);
    if (row.used_fingerprint !== null && row.used_fingerprint !== fingerprint) return { kind: 'usedCode' };
    if (row.expires_ms < nowMs) return { kind: 'expiredCode' };
    const isFirst = row.used_fingerprint === null;
    if (isFirst && !(await useCode(commit, trust, { ...row, fingerprint }, request, nowMs)))
      return { kind: 'usedCode' };
    const told = { terminal: row.terminal_id, platform: trust.keyring.public, nowMs };
    return { kind: 'enrolled', reply: { ...told, proof: mac(codeKey, enrolledText(told, request.keys)) } };
  });
  if (answer.kind === 'enrolled') trust.terminals.forget();
  return answer;
}

/** Undefined when the new keys do not prove themselves. Said again with the same keys, it is answered again. */
export async function rotateKeys(
  database: PlatformDatabase,
  trust: Trust,
  sender: { readonly terminal: string; readonly fingerprint: string },
  { keys, proof }: KeyRotationRequest,
): Promise<KeyRotationReply | undefined> {
  const { terminal, fingerprint: previous } = sender;
  const text = Buffer.from(rotationText(terminal, previous, keys), 'utf8');
  if (!verify(null, text, publicKeyOf('ed25519', keys.signing), Buffer.from(proof, 'base64'))) return undefined;
  const nowMs = trust.clock.wallMs();
  const fingerprint = pairFingerprint(keys);
  const previousUntilMs = await database.transaction().execute(async (commit) => {
    await putKeys(commit, terminal, keys, nowMs);
    const ends_ms = nowMs + OVERLAP_MS;
    const others = commit.updateTable('terminal_keys').set({ ends_ms }).where('terminal_id', '=', terminal);
    await others.where('fingerprint', '!=', fingerprint).where('ends_ms', 'is', null).execute();
    await trust.terminals.bumpEpoch(commit);
    const row = await commit
      .selectFrom('terminal_keys')
      .select('ends_ms')
      .where('terminal_id', '=', terminal)
      .where('fingerprint', '=', previous)
      .executeTakeFirstOrThrow();
    return row.ends_ms ?? ends_ms;
  });
  trust.terminals.forget();
  const reply = { platform: trust.keyring.public, nowMs, previousUntilMs };
  return { ...reply, proof: trust.keyring.sign(rotatedText(terminal, keys, reply)) };
}

/** False when there is no such terminal. Takes effect on this node at once, on the others within a second. */
export async function setStanding(
  database: PlatformDatabase,
  trust: Trust,
  terminal: string,
  state: 'active' | 'suspended',
): Promise<boolean> {
  const changed = await database.transaction().execute(async (commit) => {
    const updated = await commit
      .updateTable('terminals')
      .set({ state })
      .where('terminal_id', '=', terminal)
      .executeTakeFirst();
    if (updated.numUpdatedRows > 0n) await trust.terminals.bumpEpoch(commit);
    return updated;
  });
  trust.terminals.forget();
  return changed.numUpdatedRows > 0n;
}

/** Terminals whose keys are known beforehand. */
export async function admit(
  database: PlatformDatabase,
  terminals: readonly EnrolledTerminal[],
  nowMs: number,
): Promise<void> {
  await database.transaction().execute(async (commit) => {
    for (const { id, station, keys } of terminals) {
      await putTerminal(commit, id, station ?? null, null);
      await putKeys(commit, id, keys, nowMs);
    }
  });
}

interface UsedCode {
  readonly terminal_id: string;
  readonly code_id: string;
  readonly station: string;
  readonly fingerprint: string;
}

/** False when another machine was quicker; nothing is written then. */
async function useCode(
  commit: Commit,
  trust: Trust,
  { terminal_id, code_id, station, fingerprint }: UsedCode,
  { keys, facts }: EnrolRequest,
  nowMs: number,
): Promise<boolean> {
  const marked = await commit
    .updateTable('enrolment_codes')
    .set({ used_ms: nowMs, used_fingerprint: fingerprint })
    .where('terminal_id', '=', terminal_id)
    .where('code_id', '=', code_id)
    .where('used_fingerprint', 'is', null)
    .executeTakeFirst();
  if (marked.numUpdatedRows === 0n) return false;
  await putTerminal(commit, terminal_id, station, facts === undefined ? null : JSON.stringify(facts));
  // Whoever stood there before with other keys speaks no more: this is the machine at the station now.
  await commit.deleteFrom('terminal_keys').where('terminal_id', '=', terminal_id).execute();
  await putKeys(commit, terminal_id, keys, nowMs);
  await commit.deleteFrom('enrolment_tries').where('station', '=', station).execute();
  await trust.terminals.bumpEpoch(commit);
  return true;
}

async function putTerminal(commit: Commit, id: string, station: string | null, facts: string | null): Promise<void> {
  const row = { state: 'active' as const, station, facts };
  await commit
    .insertInto('terminals')
    .values({ terminal_id: id, ...row })
    .onConflict((conflict) => conflict.column('terminal_id').doUpdateSet(row))
    .execute();
}

async function putKeys(commit: Commit, terminal: string, keys: TerminalPublicKeys, nowMs: number): Promise<void> {
  const row = { signing_key: keys.signing, agreement_key: keys.agreement, made_ms: nowMs, ends_ms: null };
  await commit
    .insertInto('terminal_keys')
    .values({ terminal_id: terminal, fingerprint: pairFingerprint(keys), ...row })
    .onConflict((conflict) => conflict.columns(['terminal_id', 'fingerprint']).doNothing())
    .execute();
}

async function readTries(commit: Commit, station: string): Promise<{ failures: number; locked_until_ms: number }> {
  const row = await commit
    .selectFrom('enrolment_tries')
    .select(['failures', 'locked_until_ms'])
    .where('station', '=', station)
    .executeTakeFirst();
  return row ?? { failures: 0, locked_until_ms: 0 };
}

/** 0, or until when the station's enrolment is closed. */
async function countFailure(commit: Commit, station: string, before: number, nowMs: number): Promise<number> {
  const isOver = before + 1 >= TRIES;
  const row = { failures: isOver ? 0 : before + 1, locked_until_ms: isOver ? nowMs + LOCK_MS : 0 };
  await commit
    .insertInto('enrolment_tries')
    .values({ station, ...row })
    .onConflict((conflict) => conflict.column('station').doUpdateSet(row))
    .execute();
  return row.locked_until_ms;
}

function deriveFrom(digits: string): { readonly codeId: string; readonly codeKey: Buffer } {
  const secret = Buffer.from(digits, 'utf8');
  return { codeId: derive(secret, CODE_ID_INFO).toString('hex').slice(0, 16), codeKey: derive(secret, CODE_KEY_INFO) };
}

function mac(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('base64');
}

function isMac(key: Uint8Array, text: string, given: string): boolean {
  const expected = Buffer.from(mac(key, text), 'base64');
  const bytes = Buffer.from(given, 'base64');
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

/** Fingers: what can be compared, the templates for it, and one attempt counted per session (A03). */
import type {
  FingerEndReply,
  FingerEndRequest,
  FingerOffer,
  FingerOfferRequest,
  FingerTemplates,
} from '../../contract/platform-api.schema.ts';
import type { PlatformContext } from '../context.ts';
import type { Commit, Tables } from '../database/tables.ts';
import { findResident } from './residents.ts';

const DAY_MS = 24 * 3_600_000;
const LOCKING_SESSIONS = 3;

/** An unknown card is told from a card without prints by nobody outside. */
export async function offerFingers(
  { database, clock }: PlatformContext,
  terminal: string,
  request: FingerOfferRequest,
): Promise<FingerOffer> {
  return database.transaction().execute(async (commit) => {
    const person = await findResident(commit, request.subject);
    if (!person) return { state: 'none' };
    return standing(commit, clock.wallMs(), terminal, request.session, person.resident);
  });
}

async function standing(
  commit: Commit,
  nowMs: number,
  terminal: string,
  session: string,
  resident: string,
): Promise<FingerOffer> {
  const fingers = await readFingers(commit, resident);
  if (fingers.length === 0) return { state: 'none' };
  if (await isLocked(commit, nowMs, resident, terminal, session)) return { state: 'locked' };
  const attempt = await readAttempt(commit, terminal, session, resident);
  if (attempt?.result === 'noMatch' || attempt?.result === 'match') return { state: 'used' };
  return { state: 'open', fingers: fingers.map(({ finger }) => finger) };
}

/** Undefined when nothing may be handed out now; asking again within the session opens no second attempt. */
export async function handOutTemplates(
  { database, clock }: PlatformContext,
  terminal: string,
  { subject, session }: FingerOfferRequest,
): Promise<FingerTemplates | undefined> {
  return database.transaction().execute(async (commit) => {
    const person = await findResident(commit, subject);
    if (!person) return undefined;
    const nowMs = clock.wallMs();
    const offer = await standing(commit, nowMs, terminal, session, person.resident);
    if (offer.state !== 'open') return undefined;
    const opened = { terminal_id: terminal, session, resident: person.resident, opened_ms: nowMs, result: null };
    await commit
      .insertInto('finger_attempts')
      .values(opened)
      .onConflict((conflict) => conflict.columns(['terminal_id', 'session', 'resident']).doUpdateSet(opened))
      .execute();
    return { templates: [...(await readFingers(commit, person.resident))] };
  });
}

/** The first word stands; a word about an attempt that was never opened counts nothing. */
export async function endFingers(
  { database, clock }: PlatformContext,
  terminal: string,
  { subject, session, end }: FingerEndRequest,
): Promise<FingerEndReply> {
  return database.transaction().execute(async (commit) => {
    const person = await findResident(commit, subject);
    if (!person) return { counted: false };
    const { resident } = person;
    const attempt = await readAttempt(commit, terminal, session, resident);
    if (!attempt || attempt.result !== null) return { counted: false };
    await commit
      .updateTable('finger_attempts')
      .set({ result: end })
      .where('terminal_id', '=', terminal)
      .where('session', '=', session)
      .where('resident', '=', resident)
      .execute();
    const nowMs = clock.wallMs();
    if (end === 'noMatch' && (await isLocked(commit, nowMs, resident, terminal, session)))
      await commit.insertInto('owner_notices').values({ resident, kind: 'fingerLocked', at_ms: nowMs }).execute();
    return { counted: end === 'noMatch' };
  });
}

type Attempt = Tables['finger_attempts'];

function readAttempt(
  commit: Commit,
  terminal: string,
  session: string,
  resident: string,
): Promise<Pick<Attempt, 'result'> | undefined> {
  return commit
    .selectFrom('finger_attempts')
    .select('result')
    .where('terminal_id', '=', terminal)
    .where('session', '=', session)
    .where('resident', '=', resident)
    .executeTakeFirst();
}

async function readFingers(commit: Commit, resident: string): Promise<FingerTemplates['templates']> {
  return commit
    .selectFrom('resident_fingers')
    .select(['finger', 'template'])
    .where('resident', '=', resident)
    .orderBy('finger')
    .execute();
}

/**
 * Three sessions in 24 hours that did not match, with none since that did. An attempt whose end was never said counts as one,
 * except the session's own that is still going on. Only this factor is closed by it.
 */
async function isLocked(commit: Commit, nowMs: number, resident: string, terminal: string, session: string) {
  const attempts = await commit
    .selectFrom('finger_attempts')
    .select(['terminal_id', 'session', 'result'])
    .where('resident', '=', resident)
    .where('opened_ms', '>', nowMs - DAY_MS)
    .orderBy('opened_ms', 'asc')
    .execute();
  const sinceMatch = attempts.slice(attempts.findLastIndex(({ result }) => result === 'match') + 1);
  const isOwn = (attempt: { terminal_id: string; session: string }) =>
    attempt.terminal_id === terminal && attempt.session === session;
  const counted = sinceMatch.filter(
    (attempt) => attempt.result === 'noMatch' || (attempt.result === null && !isOwn(attempt)),
  );
  return counted.length >= LOCKING_SESSIONS;
}

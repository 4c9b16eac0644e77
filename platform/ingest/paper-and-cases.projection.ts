/** Print jobs, cases a person must look at, and ratings. */
import type { Commit } from '../database/tables.ts';
import type { EventOf, Origin, ParkReason } from './projection.types.ts';

export async function projectPrint(
  commit: Commit,
  origin: Origin,
  event: EventOf<'PrintSettled'>,
): Promise<ParkReason> {
  const { terminal, arrival, receivedMs } = origin;
  const known = await commit
    .selectFrom('prints')
    .select('state')
    .where('terminal', '=', terminal)
    .where('job', '=', event.job)
    .executeTakeFirst();
  if (known) return known.state === event.state ? undefined : 'print.settledOtherwise';
  await commit
    .insertInto('prints')
    .values({
      terminal,
      job: event.job,
      template: event.template,
      state: event.state,
      settled_at: event.at,
      received_ms: receivedMs,
      arrival,
    })
    .execute();
  return undefined;
}

export async function projectCase(commit: Commit, origin: Origin, event: EventOf<'CaseOpened'>): Promise<ParkReason> {
  const { terminal, arrival, receivedMs } = origin;
  const known = await commit
    .selectFrom('cases')
    .select('operation')
    .where('terminal', '=', terminal)
    .where('code', '=', event.code)
    .executeTakeFirst();
  if (known) return known.operation === event.operation ? undefined : 'case.codeUsedTwice';
  await commit
    .insertInto('cases')
    .values({
      terminal,
      code: event.code,
      operation: event.operation,
      reason: event.reason,
      amount_cents: event.amountCents ?? null,
      trade: event.trade ?? null,
      state: 'open',
      opened_at: event.at,
      received_ms: receivedMs,
      arrival,
    })
    .execute();
  return undefined;
}

export async function projectRating(commit: Commit, origin: Origin, event: EventOf<'Rated'>): Promise<ParkReason> {
  const { terminal, arrival } = origin;
  await commit
    .insertInto('ratings')
    .values({ arrival, terminal, service: event.service, stars: event.stars, rated_at: event.at })
    .execute();
  return undefined;
}
